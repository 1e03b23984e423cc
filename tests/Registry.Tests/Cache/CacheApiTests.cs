using System.Net;
using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Tests.Http;
using LocalRegistry.Registry.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Cache;

public sealed class CacheApiTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cache-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(1000)]
    [InlineData(5_000_000)]
    public async Task Blob_is_served_and_counted(int size)
    {
        await using TestRegistry registry = await StartAsync(new NodeCacheSettings(Path.Combine(_root, "cache"), 100_000_000) { Free = 0 });
        byte[] blob = TestContent.Bytes(size);
        string digest = await registry.PushBlobAsync("app", blob);
        Assert.Equal(blob, await registry.ReadBlobAsync("app", digest));
        await Eventually.HoldsAsync(async () => (await ScrapeAsync(registry))["""localregistry_cache_fills_total{result="done"}"""] == 1, "it is an entry");
        Assert.Equal(blob, await registry.ReadBlobAsync("app", digest));
        using HttpResponseMessage part = await registry.GetAsync($"/v2/app/blobs/{digest}", ("Range", "bytes=10-19"));
        Assert.Equal(blob[10..20], await part.Content.ReadAsByteArrayAsync(Token));
        using HttpResponseMessage elsewhere = await registry.GetAsync($"/v2/other/blobs/{digest}");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);

        Scrape scrape = await ScrapeAsync(registry);
        Assert.Equal(1, scrape["""localregistry_cache_requests_total{result="miss"}"""]);
        Assert.InRange(scrape["""localregistry_cache_requests_total{result="hit"}"""], 2, 3);
        Assert.Equal(0, scrape["""localregistry_cache_requests_total{result="bypass"}"""]);
        Assert.Equal(size, scrape["""localregistry_cache_served_bytes_total{source="store"}"""]);
        Assert.Equal(1, scrape["""localregistry_cache_fills_total{result="done"}"""]);
        Assert.InRange(scrape["localregistry_cache_size_bytes"], CacheIndex.OnDisk(size), CacheIndex.OnDisk(size) + (2 * CacheIndex.OnDisk(1)));
        Assert.Equal(100_000_000, scrape["localregistry_cache_limit_bytes"]);
    }

    [Fact]
    public async Task Blob_that_only_the_node_has_is_read_and_not_taken_for_pushed()
    {
        await using TestRegistry registry = await StartAsync(new NodeCacheSettings(Path.Combine(_root, "cache"), 100_000_000) { Free = 0 });
        byte[] blob = TestContent.Bytes(1000);
        string digest = await registry.PushBlobAsync("app", blob);
        Assert.Equal(blob, await registry.ReadBlobAsync("app", digest));
        await Eventually.HoldsAsync(async () => (await ScrapeAsync(registry))["""localregistry_cache_fills_total{result="done"}"""] == 1, "it is an entry");

        // As Docker's garbage collection does it, which leaves the link; a minute later nothing in memory says otherwise.
        Assert.True(Digest.TryParse(digest, out Digest parsed));
        await registry.Store.DeleteAsync(KeyLayout.BlobData(parsed), Token);
        registry.Services.GetRequiredService<DescriptorCache>().Forget(KeyLayout.LayerLink(new RepositoryName("app"), parsed));

        Assert.Equal(blob, await registry.ReadBlobAsync("app", digest));
        using HttpResponseMessage asked = await registry.HeadAsync($"/v2/app/blobs/{digest}");
        Assert.Equal(HttpStatusCode.NotFound, asked.StatusCode);
        using HttpResponseMessage mounted = await registry.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?mount={digest}");
        Assert.Equal(HttpStatusCode.Accepted, mounted.StatusCode);
        await registry.PushBlobAsync("app", blob);
        using HttpResponseMessage again = await registry.HeadAsync($"/v2/app/blobs/{digest}");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Folder_that_cannot_be_used_keeps_nobody_from_pulling()
    {
        string file = Path.Combine(_root, "mine");
        await File.WriteAllTextAsync(file, "mine", Token);
        await using TestRegistry registry = await StartAsync(new NodeCacheSettings(_root, 100_000_000) );
        byte[] blob = TestContent.Bytes(1_000_000);
        string digest = await registry.PushBlobAsync("app", blob);
        Assert.Equal(blob, await registry.ReadBlobAsync("app", digest));
        Assert.Equal(1, (await ScrapeAsync(registry))["""localregistry_cache_requests_total{result="bypass"}"""]);
        Assert.Equal([file], Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public async Task Without_a_cache_there_are_no_metrics_of_it()
    {
        await using TestRegistry registry = await StartAsync(null);
        Assert.DoesNotContain((await ScrapeAsync(registry)).Series, s => s.StartsWith("localregistry_cache_", StringComparison.Ordinal));
    }

    private static Task<Scrape> ScrapeAsync(TestRegistry registry) => Scrape.OfAsync(new Uri(registry.DebugUrl!, "/metrics"), Token);

    private static Task<TestRegistry> StartAsync(NodeCacheSettings? cache) => TestRegistry.StartAsync(
        c => c with { Storage = c.Storage with { DescriptorCacheSize = 100 }, Http = c.Http with { DebugAddress = new ListenAddress(IPAddress.Loopback, 0), MetricsPath = "/metrics" } }, cache: cache);
}
