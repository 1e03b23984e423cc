using System.Net;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Mirror;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>The image that the registry makes up under every host that it stands in for.</summary>
public sealed class CanaryApiTests : IAsyncLifetime
{
    private const string Name = Canary.Repository;

    private readonly InMemoryStore _inner = new();
    private readonly FaultyStore _store;
    private readonly CanaryIndex _index = CanaryIndex.Make();
    private int _asked;
    private TestRegistry? _started;

    public CanaryApiTests()
    {
        _store = new FaultyStore(_inner);
        _store.Before = method =>
        {
            Interlocked.Add(ref _asked, method == nameof(IObjectStore.ProbeAsync) ? 0 : 1);
            return Task.CompletedTask;
        };
    }

    private TestRegistry Registry => _started!;

    // No repository is on the list, which the canary does not need to be.
    public async ValueTask InitializeAsync() => _started = await StartAsync(readOnly: true);

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        _inner.Dispose();
    }

    [Theory]
    [InlineData($"/v2/{Name}/", "?ns=registry.example.com")]
    [InlineData($"/v2/registry.example.com/{Name}/", "")]
    [InlineData($"/registry.example.com/v2/{Name}/", "?ns=registry.example.com")]
    [InlineData($"/v2/{Name}/", "?ns=docker.io")]
    [InlineData($"/v2/docker.io/{Name}/", "?ns=docker.io")]
    [InlineData($"/v2/{Name}/", "?ns=canary.localregistry.invalid")]
    [InlineData($"/v2/{Name}/", "?ns=other.example.com:5000")]
    [InlineData($"/v2/other.example.com:5000/{Name}/", "")]
    public async Task Canary_is_whole_under_every_host_and_the_bucket_is_not_asked(string path, string query)
    {
        using HttpResponseMessage byTag = await Registry.GetAsync($"{path}manifests/v1{query}", ("Accept", MediaTypes.OciIndex));
        using HttpResponseMessage byDigest = await Registry.GetAsync($"{path}manifests/{Canary.Digest}{query}");
        using HttpResponseMessage tags = await Registry.GetAsync($"{path}tags/list{query}");
        using HttpResponseMessage referrers = await Registry.GetAsync($"{path}referrers/{Canary.Digest}{query}");

        Assert.Equal((HttpStatusCode.OK, MediaTypes.OciIndex), (byTag.StatusCode, byTag.Header("Content-Type")));
        Assert.Equal(Canary.Digest, byTag.Header("Docker-Content-Digest"));
        Assert.Equal(_index.Content, await byTag.BytesAsync());
        Assert.Equal(_index.Content, await byDigest.BytesAsync());
        Assert.Equal("v1", Assert.Single((await tags.JsonAsync()).GetProperty("tags").EnumerateArray()).GetString());
        Assert.Equal((HttpStatusCode.OK, MediaTypes.OciIndex), (referrers.StatusCode, referrers.Header("Content-Type")));
        foreach (CanaryImage image in _index.Images)
        {
            using HttpResponseMessage manifest = await Registry.GetAsync($"{path}manifests/{TestContent.Sha256(image.Manifest)}{query}");

            Assert.Equal((HttpStatusCode.OK, MediaTypes.OciManifest), (manifest.StatusCode, manifest.Header("Content-Type")));
            Assert.Equal(image.Manifest, await manifest.BytesAsync());
        }

        foreach (byte[] content in _index.Images.SelectMany(i => (byte[][])[i.Config, i.Layer]))
        {
            string blob = $"{path}blobs/{TestContent.Sha256(content)}{query}";
            using HttpResponseMessage whole = await Registry.GetAsync(blob);
            using HttpResponseMessage head = await Registry.HeadAsync(blob);
            using HttpResponseMessage part = await Registry.GetAsync(blob, ("Range", "bytes=100-"));
            using HttpResponseMessage outside = await Registry.GetAsync(blob, ("Range", "bytes=999999-"));
            using HttpResponseMessage unchanged = await Registry.GetAsync(blob, ("If-None-Match", whole.Header("ETag")));

            Assert.Equal(content, await whole.BytesAsync());
            Assert.Equal(whole.ContentHeaders(), head.ContentHeaders());
            Assert.Equal((HttpStatusCode.PartialContent, $"bytes 100-{content.Length - 1}/{content.Length}"), (part.StatusCode, part.Header("Content-Range")));
            Assert.Equal(content[100..], await part.BytesAsync());
            await outside.AssertErrorAsync(416, "RANGE_INVALID");
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }

        Assert.Equal(0, _asked);
    }

    [Theory]
    [InlineData("manifests/v2", 404, "MANIFEST_UNKNOWN")]
    [InlineData("manifests/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 404, "MANIFEST_UNKNOWN")]
    [InlineData("manifests/v1!", 400, "TAG_INVALID")]
    [InlineData("blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 404, "BLOB_UNKNOWN")]
    [InlineData("blobs/sha256:00", 400, "DIGEST_INVALID")]
    public async Task Canary_has_nothing_else(string what, int status, string code)
    {
        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{Name}/{what}?ns=docker.io");

        await response.AssertErrorAsync(status, code);
        Assert.Equal(0, _asked);
    }

    [Theory]
    [InlineData($"/v2/{Name}/manifests/v1")]
    [InlineData("/v2/localregistry.dev/canary2/manifests/v1?ns=docker.io")]
    [InlineData("/v2/all/docker.io/localregistry.dev/canary/manifests/v1")]
    public async Task Canary_is_not_in_the_bucket(string path)
    {
        using HttpResponseMessage response = await Registry.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Canary_cannot_be_written_to_or_mounted_from_and_the_bucket_keeps_what_it_has_of_that_name()
    {
        await using TestRegistry writable = await StartAsync(readOnly: false);
        byte[] stored = await writable.PushImageAsync("team/app", "v1");
        string layer = TestContent.Sha256(_index.Images[0].Layer);
        foreach ((string method, string what) in ((string, string)[])[
            ("POST", "blobs/uploads/?"), ("PATCH", "blobs/uploads/x?"), ("PUT", "blobs/uploads/x?"), ("DELETE", "blobs/uploads/x?"), ("PUT", "manifests/v1?"),
            ("DELETE", "manifests/v1?"), ("DELETE", $"blobs/{layer}?")])
        {
            using HttpResponseMessage refused = await writable.SendAsync(
                new HttpMethod(method), $"/v2/{Name}/{what}ns=docker.io", stored, ("Content-Type", MediaTypes.OciManifest));
            await refused.AssertErrorAsync(403, "DENIED");
        }

        using HttpResponseMessage mount = await writable.SendAsync(
            HttpMethod.Post, $"/v2/registry.example.com/team/app/blobs/uploads/?mount={layer}&from=registry.example.com/{Name}");
        using HttpResponseMessage catalog = await writable.GetAsync("/v2/_catalog");

        Assert.Equal(HttpStatusCode.Accepted, mount.StatusCode);
        Assert.Equal("""{"repositories":["team/app"]}""", (await catalog.JsonAsync()).GetRawText());
        Assert.DoesNotContain(await _inner.KeysAsync(), k => k.Contains("canary", StringComparison.Ordinal) || k.Contains(layer["sha256:".Length..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Canary_is_served_under_a_prefix_that_leaves_no_room_for_its_name()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(mirrors: TestMirrors.Of(("docker.io", new string('p', 250))));

        using HttpResponseMessage response = await registry.GetAsync($"/v2/{Name}/manifests/v1?ns=docker.io");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<TestRegistry> StartAsync(bool readOnly) => TestRegistry.StartAsync(
        c => c with { Storage = c.Storage with { ReadOnly = readOnly, DeleteEnabled = true } },
        services => services.AddSingleton<IObjectStore>(_store),
        TestMirrors.Of(("registry.example.com", ""), ("docker.io", "hub"), ("*", "all")) with
        {
            Repositories = readOnly ? [] : [new RepositoryPattern("team/*"), new RepositoryPattern("localregistry.dev/*")],
        });
}
