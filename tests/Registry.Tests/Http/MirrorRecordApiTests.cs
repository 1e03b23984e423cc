using System.Net;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Tests.Mirror;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>What the registry tells of mirrored requests: on its debug listener and in its log.</summary>
public sealed class MirrorRecordApiTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 21, 48, 0, TimeSpan.Zero));

    [Fact]
    public async Task Debug_listener_counts_pulls_of_every_host_and_nothing_else()
    {
        await using TestRegistry registry = await StartAsync(TestMirrors.Of(("registry.example.com", ""), ("*", "all")));
        string none = await RecordAsync(registry);

        foreach (string path in (string[])[
            "/v2/team/app/manifests/v1?ns=registry.example.com",
            "/v2/registry.example.com/team/app/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "/registry.example.com/v2/localregistry.dev/canary/manifests/v1",
            "/v2/app/manifests/v1?ns=one.example.com",
            "/v2/app/manifests/v1?ns=two.example.com"])
        {
            using HttpResponseMessage get = await registry.GetAsync(path);
            using HttpResponseMessage head = await registry.HeadAsync(path);
            Assert.Equal(get.StatusCode, head.StatusCode);
        }

        _time.Advance(TimeSpan.FromHours(1));
        foreach (string path in (string[])[
            "/v2/?ns=registry.example.com",
            "/v2/team/app/manifests/v1",
            "/v2/team/app/tags/list?ns=registry.example.com",
            "/v2/team/app/blobs/uploads/x?ns=registry.example.com",
            "/v2/TEAM/manifests/v1?ns=registry.example.com",
            "/v2/team/app/manifests/v1?ns=*"])
        {
            using HttpResponseMessage get = await registry.GetAsync(path);
        }

        using HttpResponseMessage push = await registry.PutManifestAsync("registry.example.com/team/app", "v1", [], "application/json");

        Assert.Equal("""{"hosts":{"registry.example.com":{"requests":0},"*":{"requests":0}}}""", none);
        Assert.Equal(
            """{"hosts":{"registry.example.com":{"requests":6,"last":"2026-11-24T21:48:00Z"},"*":{"requests":4,"last":"2026-11-24T21:48:00Z"}},"last":"2026-11-24T21:48:00Z"}""",
            await RecordAsync(registry));
    }

    [Fact]
    public async Task Record_is_on_the_debug_listener_alone_and_only_with_a_table()
    {
        await using TestRegistry with = await StartAsync(TestMirrors.Of());
        await using TestRegistry without = await StartAsync(null);
        using var client = new HttpClient();

        using HttpResponseMessage none = await client.GetAsync(new Uri(without.DebugUrl!, "/debug/mirrors"), TestContext.Current.CancellationToken);
        using HttpResponseMessage elsewhere = await with.GetAsync("/debug/mirrors");

        Assert.Equal("""{"hosts":{}}""", await RecordAsync(with));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        await elsewhere.AssertErrorAsync(404, "UNSUPPORTED");
    }

    [Fact]
    public async Task Access_log_says_which_host_a_request_was_for()
    {
        using var lines = new LogRecorder();
        await using TestRegistry registry = await TestRegistry.StartAsync(
            c => c with { Log = c.Log with { Level = LogThreshold.Info } },
            services => services.AddSingleton<ILoggerProvider>(lines),
            TestMirrors.Of(("registry.example.com", ""), ("*", "all")));

        foreach (string path in (string[])[
            "/v2/team/app/manifests/v1?ns=Registry.example.com",
            "/v2/other.example.com:5000/app/tags/list",
            "/v2/team/app/manifests/v1",
            "/v2/team/app/manifests/v1?ns=%0aforged"])
        {
            using HttpResponseMessage response = await registry.GetAsync(path, ("User-Agent", "test"));
        }

        await Eventually.HoldsAsync(() => Task.FromResult(lines.Texts.Count == 4), "every request has its line");
        Assert.Collection(
            lines.Texts,
            l => Assert.StartsWith("GET /v2/team/app/manifests/v1 of registry.example.com 404 ", l, StringComparison.Ordinal),
            l => Assert.StartsWith("GET /v2/other.example.com:5000/app/tags/list of other.example.com:5000 404 ", l, StringComparison.Ordinal),
            l => Assert.StartsWith("GET /v2/team/app/manifests/v1 404 ", l, StringComparison.Ordinal),
            l => Assert.StartsWith("GET /v2/team/app/manifests/v1 400 ", l, StringComparison.Ordinal));
        Assert.All(lines.Texts, l => Assert.EndsWith("test", l, StringComparison.Ordinal));
    }

    private static async Task<string> RecordAsync(TestRegistry registry)
    {
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(new Uri(registry.DebugUrl!, "/debug/mirrors"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Header("Content-Type")));
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private Task<TestRegistry> StartAsync(MirrorConfiguration? mirrors) => TestRegistry.StartAsync(
        c => c with { Http = c.Http with { DebugAddress = new ListenAddress(IPAddress.Loopback, 0) } },
        services => services.AddSingleton<TimeProvider>(_time),
        mirrors);
}
