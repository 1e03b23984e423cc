using System.Net;
using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>What clients see of a registry with a node's cache while the store is away.</summary>
public sealed class StaleApiTests : IAsyncLifetime
{
    private const string Name = "team/app";

    private readonly FaultyStore _store = new(new InMemoryStore());
    private readonly NodeRecordsFake _records = new();
    private readonly string _blob = TestContent.Sha256(TestContent.Bytes(100));
    private string _manifest = "";

    public async ValueTask InitializeAsync()
    {
        await using TestRegistry registry = await StartAsync();
        _manifest = TestContent.Sha256(await registry.PushImageAsync(Name, "v1"));
        await ReadAllAsync(registry, isStale: false);
        await ReadAllAsync(registry, isStale: false);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Links_that_were_there_are_taken_for_being_there_and_the_client_is_told()
    {
        await using TestRegistry registry = await StartAsync();
        _store.BeforeReading = (_, key) => key.EndsWith("/link", StringComparison.Ordinal) ? Task.FromException(FaultyStore.Failure()) : Task.CompletedTask;

        await ReadAllAsync(registry, isStale: true);

        _store.BeforeReading = (_, _) => Task.CompletedTask;
        await Eventually.HoldsAsync(async () =>
        {
            using HttpResponseMessage response = await registry.GetAsync($"/v2/{Name}/manifests/v1");
            return !response.Headers.Contains("Warning");
        }, "the store is asked again");
        await ReadAllAsync(registry, isStale: false);
    }

    [Fact]
    public async Task Content_that_is_not_on_the_node_is_503()
    {
        await using TestRegistry registry = await StartAsync();
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.StatAsync), nameof(IObjectStore.OpenAsync));

        foreach (string path in (string[])["manifests/v1", $"manifests/{_manifest}", $"blobs/{_blob}", "manifests/other"])
        {
            using HttpResponseMessage response = await registry.GetAsync($"/v2/{Name}/{path}");
            await response.AssertErrorAsync(503, "UNAVAILABLE");
        }
    }

    [Fact]
    public async Task Manifest_that_is_in_memory_is_served_while_nothing_of_the_store_answers()
    {
        await using TestRegistry registry = await StartAsync();
        await ReadAllAsync(registry, isStale: false);
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.StatAsync), nameof(IObjectStore.OpenAsync));

        foreach (string path in (string[])["manifests/v1", $"manifests/{_manifest}"])
        {
            using HttpResponseMessage response = await registry.GetAsync($"/v2/{Name}/{path}");
            AssertServed(response, isStale: true);
        }
    }

    [Fact]
    public async Task Content_that_the_store_does_not_give_is_not_waited_for_until_its_time_is_up()
    {
        await using TestRegistry registry = await StartAsync();
        var never = new TaskCompletionSource();
        _store.BeforeReading = (_, key) => key.EndsWith("/link", StringComparison.Ordinal) ? Task.FromException(FaultyStore.Failure()) : never.Task;

        using HttpResponseMessage response = await registry.GetAsync($"/v2/{Name}/blobs/{_blob}");

        await response.AssertErrorAsync(503, "UNAVAILABLE");
    }

    [Fact]
    public async Task Registry_that_is_refused_serves_nothing_stale()
    {
        await using TestRegistry registry = await StartAsync();
        _store.Fail(StoreFailure.Denied, nameof(IObjectStore.StatAsync), nameof(IObjectStore.OpenAsync));

        using HttpResponseMessage response = await registry.GetAsync($"/v2/{Name}/manifests/v1");

        await response.AssertErrorAsync(403, "DENIED");
    }

    [Fact]
    public async Task Stale_answers_can_be_forbidden()
    {
        await using TestRegistry registry = await StartAsync(new NodeCacheSettings("/cache", 1) { ServesStale = false });
        await ReadAllAsync(registry, isStale: false);
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.StatAsync), nameof(IObjectStore.OpenAsync));

        using HttpResponseMessage response = await registry.GetAsync($"/v2/{Name}/manifests/v1");

        await response.AssertErrorAsync(503, "UNAVAILABLE");
    }

    [Fact]
    public async Task Tag_and_manifest_that_were_deleted_here_are_not_served_stale()
    {
        await using TestRegistry registry = await StartAsync();
        using HttpResponseMessage deleted = await registry.SendAsync(HttpMethod.Delete, $"/v2/{Name}/manifests/{_manifest}");
        using HttpResponseMessage blob = await registry.SendAsync(HttpMethod.Delete, $"/v2/{Name}/blobs/{_blob}");
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (deleted.StatusCode, blob.StatusCode));
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.StatAsync), nameof(IObjectStore.OpenAsync));

        foreach (string path in (string[])["manifests/v1", $"manifests/{_manifest}", $"blobs/{_blob}"])
        {
            using HttpResponseMessage response = await registry.GetAsync($"/v2/{Name}/{path}");
            await response.AssertErrorAsync(503, "UNAVAILABLE");
        }
    }

    private static void AssertServed(HttpResponseMessage response, bool isStale)
    {
        Assert.True(response.IsSuccessStatusCode);
        if (isStale)
        {
            Assert.StartsWith("299 - \"", response.Header("Warning"), StringComparison.Ordinal);
        }
        else
        {
            Assert.False(response.Headers.Contains("Warning"));
        }
    }

    // A registry that has just been started on the node: it has nothing in memory.
    private Task<TestRegistry> StartAsync(NodeCacheSettings? settings = null) => TestRegistry.StartAsync(
        c => c with { Storage = c.Storage with { DeleteEnabled = true } },
        services =>
        {
            services.AddSingleton<IObjectStore>(_store);
            services.AddSingleton<INodeRecords>(_records);
            if (settings is not null)
            {
                services.AddSingleton(settings);
            }
        });

    private async Task ReadAllAsync(TestRegistry registry, bool isStale)
    {
        foreach ((HttpMethod method, string path, string? range) in ((HttpMethod, string, string?)[])[
            (HttpMethod.Get, "manifests/v1", null),
            (HttpMethod.Head, "manifests/v1", null),
            (HttpMethod.Get, $"manifests/{_manifest}", null),
            (HttpMethod.Get, $"blobs/{_blob}", null),
            (HttpMethod.Head, $"blobs/{_blob}", null),
            (HttpMethod.Get, $"blobs/{_blob}", "bytes=10-19")])
        {
            using HttpResponseMessage response = await registry.SendAsync(method, $"/v2/{Name}/{path}", null, range is null ? [] : [("Range", range)]);
            AssertServed(response, isStale);
        }
    }
}
