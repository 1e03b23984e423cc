using System.Net;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Mirror;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>A registry that serves some of the bucket's repositories: the others are not there, however they are asked for.</summary>
public sealed class AllowListApiTests : IAsyncLifetime
{
    private readonly InMemoryStore _store = new();
    private readonly string _blob = TestContent.Sha256(TestContent.Bytes(100));
    private TestRegistry? _started;

    private TestRegistry Registry => _started!;

    public async ValueTask InitializeAsync()
    {
        await using (TestRegistry writer = await TestRegistry.StartAsync(replace: services => services.AddSingleton<IObjectStore>(_store)))
        {
            foreach (string name in (string[])["team/app", "team/sub/app", "one", "secret/app", "team", "one/more"])
            {
                await writer.PushImageAsync(name, "v1");
            }
        }

        _started = await TestRegistry.StartAsync(
            c => c with { Storage = c.Storage with { DeleteEnabled = true } },
            replace: services => services.AddSingleton<IObjectStore>(_store),
            mirrors: TestMirrors.Of(("registry.example.com", ""), ("quay.io", "secret")) with
            {
                Repositories = [new RepositoryPattern("team/*"), new RepositoryPattern("one")],
            });
    }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        _store.Dispose();
    }

    // Nodes may have been told of the registry by other means than its own, without a word of hosts in its file.
    [Theory]
    [InlineData("/v2/team/app/manifests/v1?ns=registry.example.com", HttpStatusCode.OK)]
    [InlineData("/v2/team/app/manifests/v1?ns=no host", HttpStatusCode.OK)]
    [InlineData("/v2/secret/app/manifests/v1?ns=registry.example.com", HttpStatusCode.NotFound)]
    [InlineData("/registry.example.com/v2/team/app/manifests/v1", HttpStatusCode.NotFound)]
    [InlineData("/v2/localregistry.dev/canary/manifests/v1?ns=registry.example.com", HttpStatusCode.NotFound)]
    public async Task Choice_alone_leaves_hosts_ignored(string path, HttpStatusCode status)
    {
        await using TestRegistry registry = await StartAsync(knowsHosts: false);

        using HttpResponseMessage response = await registry.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("/v2/team/app/manifests/v1", HttpStatusCode.OK)]
    [InlineData("/v2/team/app/manifests/v1?ns=registry.example.com", HttpStatusCode.NotFound)]
    [InlineData("/v2/team/app/manifests/v1?ns=docker.io", HttpStatusCode.NotFound)]
    [InlineData("/registry.example.com/v2/team/app/manifests/v1", HttpStatusCode.NotFound)]
    public async Task Empty_list_of_hosts_is_a_closed_table(string path, HttpStatusCode status)
    {
        await using TestRegistry registry = await StartAsync(knowsHosts: true);

        using HttpResponseMessage response = await registry.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("/v2/team/app/", "")]
    [InlineData("/v2/team/sub/app/", "")]
    [InlineData("/v2/one/", "")]
    [InlineData("/v2/team/app/", "?ns=registry.example.com")]
    [InlineData("/v2/registry.example.com/one/", "")]
    public async Task Repository_of_the_list_is_served(string path, string query)
    {
        foreach (string what in Readable())
        {
            using HttpResponseMessage response = await Registry.GetAsync($"{path}{what}{query}");

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("/v2/secret/app/", "")]
    [InlineData("/v2/team/", "")]
    [InlineData("/v2/one/more/", "")]
    [InlineData("/v2/none/such/", "")]
    [InlineData("/v2/secret/app/", "?ns=registry.example.com")]
    [InlineData("/v2/app/", "?ns=quay.io")]
    [InlineData("/v2/quay.io/app/", "")]
    [InlineData("/quay.io/v2/app/", "")]
    public async Task Other_repository_is_404_to_readers_whether_it_is_there_or_not_and_403_to_writers(string path, string query)
    {
        foreach (string what in (string[])[.. Readable(), "manifests/none", "blobs/uploads/x"])
        {
            using HttpResponseMessage get = await Registry.GetAsync($"{path}{what}{query}");
            using HttpResponseMessage head = await Registry.HeadAsync($"{path}{what}{query}");

            await get.AssertErrorAsync(404, "NAME_UNKNOWN");
            Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        }

        List<string> before = await _store.KeysAsync();
        foreach ((string method, string what) in ((string, string)[])[
            ("POST", "blobs/uploads/"), ("PATCH", "blobs/uploads/x"), ("PUT", "blobs/uploads/x"), ("DELETE", "blobs/uploads/x"), ("PUT", "manifests/v2"),
            ("DELETE", "manifests/v1"), ("DELETE", $"blobs/{_blob}")])
        {
            using HttpResponseMessage refused = await Registry.SendAsync(
                new HttpMethod(method), $"{path}{what}{query}", TestContent.Bytes(100), ("Content-Type", MediaTypes.OciManifest));

            await refused.AssertErrorAsync(403, "DENIED");
        }

        Assert.Equal(before, await _store.KeysAsync());
    }

    [Fact]
    public async Task Catalog_has_the_repositories_of_the_list_and_pages_of_them()
    {
        using HttpResponseMessage all = await Registry.GetAsync("/v2/_catalog");
        using HttpResponseMessage page = await Registry.GetAsync("/v2/_catalog?n=2");

        Assert.Equal("""{"repositories":["one","team/app","team/sub/app"]}""", (await all.JsonAsync()).GetRawText());
        Assert.Equal("""{"repositories":["one","team/app"]}""", (await page.JsonAsync()).GetRawText());
        Assert.Equal("</v2/_catalog?last=team%2Fapp&n=2>; rel=\"next\"", page.Header("Link"));
    }

    [Theory]
    [InlineData("/v2/team/new/", "secret/app", "", 202)]
    [InlineData("/v2/registry.example.com/team/new/", "quay.io/app", "", 202)]
    [InlineData("/v2/team/new/", "secret/app", "&ns=registry.example.com", 202)]
    [InlineData("/v2/team/new/", null, "", 202)]
    [InlineData("/v2/team/new/", "team/app", "", 201)]
    [InlineData("/v2/team/new/", "team/app", "&ns=registry.example.com", 201)]
    public async Task Blob_can_be_mounted_from_repositories_of_the_list_alone(string path, string? from, string query, int status)
    {
        using HttpResponseMessage response = await Registry.SendAsync(HttpMethod.Post, $"{path}blobs/uploads/?mount={_blob}{(from is null ? "" : $"&from={from}")}{query}");

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Registry_that_reads_only_refuses_writers_as_it_does_elsewhere()
    {
        await using TestRegistry readOnly = await TestRegistry.StartAsync(
            c => c with { Storage = c.Storage with { ReadOnly = true } }, mirrors: TestMirrors.Of() with { Repositories = [] });

        using HttpResponseMessage write = await readOnly.SendAsync(HttpMethod.Post, "/v2/secret/app/blobs/uploads/");
        using HttpResponseMessage read = await readOnly.GetAsync("/v2/secret/app/manifests/v1");

        await write.AssertErrorAsync(405, "UNSUPPORTED");
        await read.AssertErrorAsync(404, "NAME_UNKNOWN");
    }

    private string[] Readable() => ["manifests/v1", $"blobs/{_blob}", "tags/list"];

    private Task<TestRegistry> StartAsync(bool knowsHosts) => TestRegistry.StartAsync(
        replace: services => services.AddSingleton<IObjectStore>(_store),
        mirrors: TestMirrors.Of() with { KnowsHosts = knowsHosts, Repositories = [new RepositoryPattern("team/*")] });
}
