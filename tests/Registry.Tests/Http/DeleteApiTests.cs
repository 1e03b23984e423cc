using System.Net;
using System.Text;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Mirror;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Deletion of tags, manifests and blobs (OCI distribution-spec, Content Management).</summary>
public sealed class DeleteApiTests : IAsyncLifetime
{
    private const string Name = "team/app";

    private static readonly RepositoryName Repository = new(Name);

    private readonly string _blob = TestContent.Sha256(TestContent.Bytes(100));
    private TestRegistry? _started;

    private TestRegistry Registry => _started!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _started = await StartAsync();

    public ValueTask DisposeAsync() => Registry.DisposeAsync();

    [Theory]
    [InlineData("manifests/v1")]
    [InlineData("manifests/DIGEST")]
    [InlineData("blobs/BLOB")]
    [InlineData("manifests/absent")]
    public async Task Registry_that_is_not_told_to_delete_refuses_it(string what)
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        string digest = TestContent.Sha256(await registry.PushImageAsync(Name, "v1"));
        List<string> before = await registry.Store.KeysAsync();

        using HttpResponseMessage refused = await DeleteAsync(registry, what.Replace("DIGEST", digest, StringComparison.Ordinal).Replace("BLOB", _blob, StringComparison.Ordinal));

        await refused.AssertErrorAsync(405, "UNSUPPORTED");
        Assert.Equal(before, await registry.Store.KeysAsync());
    }

    [Fact]
    public async Task Tag_is_removed_alone()
    {
        string first = TestContent.Sha256(await Registry.PushImageAsync(Name, "v1"));
        byte[] second = await Registry.PushImageAsync(Name, "v10");
        await Registry.PushManifestAsync(Name, "v1", second, MediaTypes.OciManifest);
        await Registry.PushImageAsync("team/other", "v1");
        List<string> before = await Registry.Store.KeysAsync();

        using HttpResponseMessage response = await DeleteAsync(Registry, "manifests/v1");

        await AssertAcceptedAsync(response);
        List<string> after = await Registry.Store.KeysAsync();
        Assert.Equal(3, before.Count(k => k.Contains($"/{Name}/_manifests/tags/v1/", StringComparison.Ordinal)));
        Assert.Equal(before.Where(k => !k.Contains($"/{Name}/_manifests/tags/v1/", StringComparison.Ordinal)), after);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("manifests/v1"));
        foreach (string what in (string[])["manifests/v10", $"manifests/{first}", $"manifests/{TestContent.Sha256(second)}", $"blobs/{_blob}"])
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(what));
        }
    }

    [Fact]
    public async Task Manifest_is_removed_with_every_tag_that_names_it_and_no_other()
    {
        byte[] manifest = await Registry.PushImageAsync(Name, "v1");
        byte[] other = await Registry.PushImageAsync(Name, "other");
        for (int i = 0; i < 40; i++)
        {
            await Registry.PushManifestAsync(Name, $"t{i}", manifest, MediaTypes.OciManifest);
        }

        await Registry.PushManifestAsync(Name, "moved", manifest, MediaTypes.OciManifest);
        await Registry.PushManifestAsync(Name, "moved", other, MediaTypes.OciManifest);
        await Registry.PushBlobAsync("team/second", TestContent.Bytes(100));
        await Registry.PushManifestAsync("team/second", "v1", manifest, MediaTypes.OciManifest);
        string digest = TestContent.Sha256(manifest);

        using HttpResponseMessage response = await DeleteAsync(Registry, $"manifests/{digest}");

        await AssertAcceptedAsync(response);
        using HttpResponseMessage tags = await Registry.GetAsync($"/v2/{Name}/tags/list");
        Assert.Equal($$"""{"name":"{{Name}}","tags":["moved","other"]}""", (await tags.JsonAsync()).GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"manifests/{digest}"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync("manifests/moved"), await StatusAsync($"blobs/{_blob}")));

        // Another repository holds the same content, which is there still.
        using HttpResponseMessage second = await Registry.GetAsync("/v2/team/second/manifests/v1");
        Assert.Equal(manifest, await second.BytesAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Blob_is_removed_from_its_repository_alone_and_is_not_remembered(int cache)
    {
        await using TestRegistry registry = await StartAsync(s => s with { DescriptorCacheSize = cache });
        await registry.PushBlobAsync(Name, TestContent.Bytes(100));
        await registry.PushBlobAsync("team/other", TestContent.Bytes(100));
        await registry.ReadBlobAsync(Name, _blob);

        using HttpResponseMessage response = await DeleteAsync(registry, $"blobs/{_blob}");
        using HttpResponseMessage get = await registry.GetAsync($"/v2/{Name}/blobs/{_blob}");
        using HttpResponseMessage head = await registry.HeadAsync($"/v2/{Name}/blobs/{_blob}");

        await AssertAcceptedAsync(response);
        await get.AssertErrorAsync(404, "BLOB_UNKNOWN");
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Equal(TestContent.Bytes(100), await registry.ReadBlobAsync("team/other", _blob));
    }

    [Theory]
    [InlineData("manifests/absent", 404, "MANIFEST_UNKNOWN")]
    [InlineData("manifests/v", 404, "MANIFEST_UNKNOWN")]
    [InlineData("manifests/BLOB", 404, "MANIFEST_UNKNOWN")]
    [InlineData("blobs/DIGEST", 404, "BLOB_UNKNOWN")]
    [InlineData("manifests/-no-tag", 400, "TAG_INVALID")]
    [InlineData("manifests/..", 404, "UNSUPPORTED")]
    [InlineData("manifests/%2e%2e%2fv1", 400, "TAG_INVALID")]
    [InlineData("manifests/", 400, "TAG_INVALID")]
    [InlineData("manifests/sha256:00", 400, "DIGEST_INVALID")]
    [InlineData("blobs/sha256:00", 400, "DIGEST_INVALID")]
    [InlineData("blobs/v1", 400, "DIGEST_INVALID")]
    [InlineData("blobs/", 400, "DIGEST_INVALID")]
    [InlineData("tags/list", 405, "UNSUPPORTED")]
    public async Task What_is_not_there_or_no_reference_is_refused_and_nothing_goes(string what, int status, string code)
    {
        string digest = TestContent.Sha256(await Registry.PushImageAsync(Name, "v1"));
        List<string> before = await Registry.Store.KeysAsync();

        using HttpResponseMessage refused = await DeleteAsync(Registry, what.Replace("DIGEST", digest, StringComparison.Ordinal).Replace("BLOB", _blob, StringComparison.Ordinal));

        await refused.AssertErrorAsync(status, code);
        Assert.Equal(before, await Registry.Store.KeysAsync());
    }

    [Theory]
    [InlineData("manifests/v1")]
    [InlineData("manifests/DIGEST")]
    [InlineData("blobs/BLOB")]
    public async Task Second_deletion_and_one_in_a_repository_that_never_was_are_404(string what)
    {
        string digest = TestContent.Sha256(await Registry.PushImageAsync(Name, "v1"));
        what = what.Replace("DIGEST", digest, StringComparison.Ordinal).Replace("BLOB", _blob, StringComparison.Ordinal);
        string code = what.StartsWith("blobs", StringComparison.Ordinal) ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN";

        using HttpResponseMessage elsewhere = await Registry.SendAsync(HttpMethod.Delete, $"/v2/never/{what}");
        using HttpResponseMessage first = await DeleteAsync(Registry, what);
        using HttpResponseMessage second = await DeleteAsync(Registry, what);

        await elsewhere.AssertErrorAsync(404, code);
        await AssertAcceptedAsync(first);
        await second.AssertErrorAsync(404, code);
    }

    [Fact]
    public async Task On_disk_nothing_of_a_tag_stays_to_be_listed()
    {
        string root = Path.Combine(Path.GetTempPath(), $"registry-{Guid.NewGuid():N}");
        try
        {
            await using TestRegistry registry = await StartAsync(s => s with { Driver = new FileSystemDriver { RootDirectory = root } });
            string digest = TestContent.Sha256(await registry.PushImageAsync(Name, "v1"));
            await registry.PushImageAsync(Name, "v2");

            foreach (string what in (string[])["manifests/v2", $"manifests/{digest}", $"blobs/{_blob}"])
            {
                using HttpResponseMessage response = await DeleteAsync(registry, what);
                await AssertAcceptedAsync(response);
            }

            using HttpResponseMessage tags = await registry.GetAsync($"/v2/{Name}/tags/list");
            Assert.Equal($$"""{"name":"{{Name}}","tags":[]}""", (await tags.JsonAsync()).GetRawText());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Deletion_that_the_store_cuts_leaves_no_tag_half_there_and_can_be_made_again()
    {
        using var inner = new InMemoryStore();
        var store = new FaultyStore(inner);
        await using TestRegistry registry = await StartAsync(replace: services => services.AddSingleton<IObjectStore>(store));
        string digest = TestContent.Sha256(await registry.PushImageAsync(Name, "v1"));
        store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.DeleteFolderAsync));

        using HttpResponseMessage tag = await DeleteAsync(registry, "manifests/v1");
        using HttpResponseMessage gone = await registry.GetAsync($"/v2/{Name}/manifests/v1");
        store.Before = _ => Task.CompletedTask;
        using HttpResponseMessage again = await DeleteAsync(registry, "manifests/v1");

        await tag.AssertErrorAsync(503, "UNAVAILABLE");
        await gone.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
        await AssertAcceptedAsync(again);

        await registry.PushImageAsync(Name, "v1");
        store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.DeleteAsync));
        using HttpResponseMessage manifest = await DeleteAsync(registry, $"manifests/{digest}");
        store.Before = _ => Task.CompletedTask;
        using HttpResponseMessage whole = await registry.GetAsync($"/v2/{Name}/manifests/v1");
        using HttpResponseMessage last = await DeleteAsync(registry, $"manifests/{digest}");

        await manifest.AssertErrorAsync(503, "UNAVAILABLE");
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        await AssertAcceptedAsync(last);
    }

    [Fact]
    public async Task Tag_whose_link_holds_no_digest_can_be_removed_and_stops_no_deletion()
    {
        string digest = TestContent.Sha256(await Registry.PushImageAsync(Name, "v1"));
        await Registry.Store.WriteAsync(KeyLayout.TagCurrentLink(Repository, "broken"), Encoding.UTF8.GetBytes("x"), onlyIfAbsent: false, Token);

        using HttpResponseMessage manifest = await DeleteAsync(Registry, $"manifests/{digest}");
        using HttpResponseMessage tag = await DeleteAsync(Registry, "manifests/broken");

        await AssertAcceptedAsync(manifest);
        await AssertAcceptedAsync(tag);
        Assert.DoesNotContain(await Registry.Store.KeysAsync(), k => k.Contains("/_manifests/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task No_more_tags_are_read_at_once_than_the_configuration_says(int limit)
    {
        using var inner = new InMemoryStore();
        var store = new FaultyStore(inner);
        await using TestRegistry registry = await StartAsync(s => s with { TagConcurrency = limit }, services => services.AddSingleton<IObjectStore>(store));
        byte[] manifest = await registry.PushImageAsync(Name, "v1");
        for (int i = 0; i < 20; i++)
        {
            await registry.PushManifestAsync(Name, $"t{i}", manifest, MediaTypes.OciManifest);
        }

        int reading = 0;
        int most = 0;
        store.Before = async method =>
        {
            if (method == nameof(IObjectStore.OpenAsync))
            {
                int now = Interlocked.Increment(ref reading);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref reading);
            }
        };
        using HttpResponseMessage response = await DeleteAsync(registry, $"manifests/{TestContent.Sha256(manifest)}");

        await AssertAcceptedAsync(response);
        Assert.InRange(most, 1, limit);
    }

    [Theory]
    [InlineData("/v2/app/", "?ns=quay.io")]
    [InlineData("/v2/quay.io/app/", "")]
    [InlineData("/quay.io/v2/app/", "")]
    public async Task Deletion_by_the_name_of_an_image_host_finds_the_repository_of_the_bucket(string path, string query)
    {
        using var store = new InMemoryStore();
        await using TestRegistry registry = await TestRegistry.StartAsync(
            c => c with { Storage = c.Storage with { DeleteEnabled = true } },
            services => services.AddSingleton<IObjectStore>(store),
            TestMirrors.Of(("quay.io", "quay")));
        await registry.PushImageAsync("quay/app", "v1");

        using HttpResponseMessage response = await registry.SendAsync(HttpMethod.Delete, $"{path}manifests/v1{query}");
        using HttpResponseMessage gone = await registry.GetAsync("/v2/quay/app/manifests/v1");

        await AssertAcceptedAsync(response);
        await gone.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
    }

    private static Task<TestRegistry> StartAsync(
        Func<StorageConfiguration, StorageConfiguration>? configure = null, Action<IServiceCollection>? replace = null) => TestRegistry.StartAsync(
        c =>
        {
            StorageConfiguration storage = c.Storage with { DeleteEnabled = true };
            return c with { Storage = configure?.Invoke(storage) ?? storage };
        },
        replace);

    private static Task<HttpResponseMessage> DeleteAsync(TestRegistry registry, string what) => registry.SendAsync(HttpMethod.Delete, $"/v2/{Name}/{what}");

    private static async Task AssertAcceptedAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("0", response.Header("Content-Length"));
        Assert.Empty(await response.BytesAsync());
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = target; seen < value && Interlocked.CompareExchange(ref target, value, seen) != seen; seen = target)
        {
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string what)
    {
        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{Name}/{what}");
        return response.StatusCode;
    }
}
