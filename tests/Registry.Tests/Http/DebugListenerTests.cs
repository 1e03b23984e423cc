using System.Net;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class DebugListenerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Health_follows_the_store_by_threshold_and_the_registry_serves_on()
    {
        using var inner = new InMemoryStore();
        var store = new FaultyStore(inner);
        var time = new FakeTimeProvider();
        using var permits = new SemaphoreSlim(0);
        int probes = 0;
        bool isWell = false;
        store.Before = async method =>
        {
            if (method == nameof(IObjectStore.ProbeAsync))
            {
                await permits.WaitAsync();
                Interlocked.Increment(ref probes);
                await (isWell ? Task.CompletedTask : Task.FromException(FaultyStore.Failure()));
            }
        };
        await using TestRegistry registry = await StartAsync(3, store, time);

        await ProbedAsync(2);
        (HttpStatusCode afterTwo, string bodyAfterTwo) = await HealthAsync(registry);
        await ProbedAsync(1);
        await Eventually.HoldsAsync(async () => (await HealthAsync(registry)).Status == HttpStatusCode.ServiceUnavailable, "the registry is unwell");
        (_, string body) = await HealthAsync(registry);
        using HttpResponseMessage served = await registry.GetAsync("/v2/_catalog");
        isWell = true;
        await ProbedAsync(1);
        await Eventually.HoldsAsync(async () => (await HealthAsync(registry)).Status == HttpStatusCode.OK, "the registry is well again");
        permits.Release(1000);

        Assert.Equal((HttpStatusCode.OK, "{}"), (afterTwo, bodyAfterTwo));
        Assert.Equal("""{"storagedriver_inmemory":"the test says so"}""", body);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);

        async Task ProbedAsync(int times)
        {
            int wanted = probes + times;
            permits.Release(times);
            await Eventually.HoldsAsync(
                () =>
                {
                    time.Advance(Interval);
                    return Task.FromResult(probes >= wanted);
                },
                $"the store was asked {wanted} times");
        }
    }

    [Fact]
    public async Task Debug_paths_are_on_the_debug_listener_alone_and_the_api_is_not()
    {
        await using TestRegistry registry = await StartAsync(1, new InMemoryStore(), new FakeTimeProvider());
        using var client = new HttpClient { BaseAddress = registry.DebugUrl };

        using HttpResponseMessage health = await client.GetAsync("/debug/health", TestContext.Current.CancellationToken);
        using HttpResponseMessage api = await client.GetAsync("/v2/", TestContext.Current.CancellationToken);
        using HttpResponseMessage elsewhere = await registry.GetAsync("/debug/health");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (health.StatusCode, api.StatusCode));
        await elsewhere.AssertErrorAsync(404, "UNSUPPORTED");
    }

    private static Task<TestRegistry> StartAsync(int threshold, IObjectStore store, TimeProvider time) => TestRegistry.StartAsync(
        c => c with
        {
            Http = c.Http with { DebugAddress = new ListenAddress(IPAddress.Loopback, 0) },
            Health = new HealthConfiguration { StorageDriver = true, Interval = Interval, Threshold = threshold },
            Log = new LogConfiguration { Level = LogThreshold.Error },
        },
        services => services.AddSingleton(store).AddSingleton(time));

    private static async Task<(HttpStatusCode Status, string Body)> HealthAsync(TestRegistry registry)
    {
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(new Uri(registry.DebugUrl!, "/debug/health"), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
