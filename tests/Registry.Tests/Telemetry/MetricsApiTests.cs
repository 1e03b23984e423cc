using System.Net;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Tests.Http;
using Xunit;

namespace LocalRegistry.Registry.Tests.Telemetry;

public sealed class MetricsApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_are_counted_by_endpoint_method_and_status_and_by_nothing_that_a_client_makes_up()
    {
        await using TestRegistry registry = await StartAsync();
        await registry.PushImageAsync("team/secret-app", "v1");
        using HttpResponseMessage got = await registry.GetAsync("/v2/team/secret-app/manifests/v1");
        using HttpResponseMessage missing = await registry.GetAsync("/v2/other/manifests/v2");
        using HttpResponseMessage odd = await registry.SendAsync(new HttpMethod("BREW"), "/v2/");
        using HttpResponseMessage nowhere = await registry.GetAsync("/wp-admin");
        using HttpResponseMessage referrers = await registry.GetAsync($"/v2/team/secret-app/referrers/{TestContent.Sha256([1])}");

        Scrape scrape = await EndedAsync(registry, 7);

        Assert.Equal(1, scrape["""registry_http_requests_total{code="200",handler="manifest",method="get"}"""]);
        Assert.Equal(1, scrape["""registry_http_requests_total{code="404",handler="manifest",method="get"}"""]);
        Assert.Equal(1, scrape["""registry_http_requests_total{code="201",handler="manifest",method="put"}"""]);
        Assert.Equal(1, scrape["""registry_http_requests_total{code="201",handler="blob_upload",method="post"}"""]);
        Assert.Equal(1, scrape["""registry_http_requests_total{code="405",handler="base",method="unknown"}"""]);
        Assert.Equal(1, scrape["""registry_http_requests_total{code="200",handler="referrers",method="get"}"""]);
        Assert.Equal(2, scrape["""registry_http_request_duration_seconds_count{handler="manifest",method="get"}"""]);
        Assert.DoesNotContain(scrape.Series, s => s.Contains("secret", StringComparison.Ordinal) || s.Contains("BREW", StringComparison.OrdinalIgnoreCase) || s.Contains("wp-admin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bytes_are_those_of_bodies_whether_their_length_was_told_or_not()
    {
        await using TestRegistry registry = await StartAsync();
        byte[] content = TestContent.Bytes(300_000);
        string upload = await registry.BeginUploadAsync("app");
        using (var client = new HttpClient { BaseAddress = registry.Url })
        using (var request = new HttpRequestMessage(HttpMethod.Patch, upload) { Content = new ByteArrayContent(content) })
        {
            request.Headers.TransferEncodingChunked = true;
            using HttpResponseMessage appended = await client.SendAsync(request, Token);
            Assert.Equal(HttpStatusCode.Accepted, appended.StatusCode);
        }

        Scrape open = await ScrapeAsync(registry);
        string digest = TestContent.Sha256(content);
        using HttpResponseMessage finished = await registry.FinishAsync(upload, digest);
        Assert.Equal(content, await registry.ReadBlobAsync("app", digest));
        using HttpResponseMessage head = await registry.HeadAsync($"/v2/app/blobs/{digest}");
        Scrape scrape = await EndedAsync(registry, 5);

        Assert.Equal((1, 0), (open["localregistry_uploads_open"], scrape["localregistry_uploads_open"]));
        Assert.Equal(300_000, scrape["""localregistry_http_received_bytes_total{handler="blob_upload_chunk"}"""]);
        Assert.Equal(300_000, scrape["""registry_http_request_size_bytes_sum{handler="blob_upload_chunk"}"""]);
        Assert.Equal(300_000, scrape["""localregistry_http_sent_bytes_total{handler="blob"}"""]);
        Assert.Equal(1, scrape["""registry_http_response_size_bytes_bucket{handler="blob",le="1024"}"""]);
        Assert.Equal(2, scrape["""registry_http_response_size_bytes_count{handler="blob"}"""]);
    }

    [Fact]
    public async Task The_store_and_the_cache_are_counted_under_the_names_of_dockers_registry()
    {
        await using TestRegistry registry = await StartAsync(cache: 100);
        string digest = await registry.PushBlobAsync("app", TestContent.Bytes(10));
        using HttpResponseMessage first = await registry.HeadAsync($"/v2/app/blobs/{digest}");
        using HttpResponseMessage second = await registry.HeadAsync($"/v2/app/blobs/{digest}");
        using HttpResponseMessage tags = await registry.GetAsync("/v2/app/tags/list");

        Scrape scrape = await EndedAsync(registry, 4);

        Assert.True(scrape["""registry_storage_action_seconds_count{action="PutContent",driver="inmemory"}"""] >= 2);
        Assert.True(scrape["""registry_storage_action_seconds_count{action="List",driver="inmemory"}"""] >= 1);
        Assert.True(scrape["""registry_storage_cache_total{type="Hit"}"""] >= 1);
        Assert.Equal(
            scrape["""registry_storage_cache_total{type="Request"}"""],
            scrape["""registry_storage_cache_total{type="Hit"}"""] + Math.Max(0, double.IsNaN(scrape["""registry_storage_cache_total{type="Miss"}"""]) ? 0 : scrape["""registry_storage_cache_total{type="Miss"}"""]));
    }

    [Fact]
    public async Task Mirrored_requests_are_counted_by_the_entry_of_the_table()
    {
        var yaml = """
            owner: a/b
            registry: 127.0.0.1:5000
            mirrors: [{host: registry.example.com}, {host: "*", prefix: other}]
            """;
        await using TestRegistry registry = await StartAsync(mirrors: MirrorConfigurationReader.Read(yaml).Value!);
        foreach (string host in (string[])["registry.example.com", "one.example.net", "two.example.net"])
        {
            using HttpResponseMessage response = await registry.GetAsync($"/v2/app/manifests/v1?ns={host}");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        Scrape scrape = await EndedAsync(registry, 3);

        Assert.Equal(1, scrape["""localregistry_mirrored_requests_total{host="registry.example.com"}"""]);
        Assert.Equal(2, scrape["""localregistry_mirrored_requests_total{host="*"}"""]);
    }

    [Fact]
    public async Task Without_the_key_there_is_nothing_and_with_it_only_on_the_debug_listener()
    {
        await using TestRegistry off = await TestRegistry.StartAsync(WithDebug);
        await using TestRegistry on = await StartAsync();
        using var client = new HttpClient();

        using HttpResponseMessage none = await client.GetAsync(new Uri(off.DebugUrl!, "/metrics"), Token);
        using HttpResponseMessage there = await client.GetAsync(new Uri(on.DebugUrl!, "/metrics"), Token);
        using HttpResponseMessage outside = await on.GetAsync("/metrics");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.NotFound), (none.StatusCode, there.StatusCode, outside.StatusCode));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", there.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task What_can_be_at_zero_is_there_before_anything_happens()
    {
        await using TestRegistry registry = await StartAsync();

        Scrape scrape = await ScrapeAsync(registry);

        foreach (string handler in (string[])["base", "blob", "blob_upload", "blob_upload_chunk", "catalog", "manifest", "referrers", "tags"])
        {
            Assert.Equal(0, scrape[$$"""registry_http_in_flight_requests{handler="{{handler}}"}"""]);
        }

        Assert.Contains("localregistry_build_info{version}", scrape.Shapes);
        Assert.True(scrape["process_resident_memory_bytes"] > 0);
    }

    private static RegistryConfiguration WithDebug(RegistryConfiguration c) =>
        c with { Http = c.Http with { DebugAddress = new ListenAddress(IPAddress.Loopback, 0) } };

    private static Task<TestRegistry> StartAsync(int cache = 0, MirrorConfiguration? mirrors = null) => TestRegistry.StartAsync(
        c => WithDebug(c) with
        {
            Http = WithDebug(c).Http with { MetricsPath = "/metrics" },
            Storage = c.Storage with { DescriptorCacheSize = cache },
        },
        mirrors: mirrors);

    private static Task<Scrape> ScrapeAsync(TestRegistry registry) => Scrape.OfAsync(new Uri(registry.DebugUrl!, "/metrics"), Token);

    // A client has its answer before the request has ended.
    private static async Task<Scrape> EndedAsync(TestRegistry registry, int requests)
    {
        Scrape scrape = await ScrapeAsync(registry);
        await Eventually.HoldsAsync(
            async () =>
            {
                scrape = await ScrapeAsync(registry);
                return scrape.Series.Where(s => s.StartsWith("registry_http_requests_total{", StringComparison.Ordinal)).Sum(s => scrape[s]) >= requests;
            },
            $"{requests} requests have ended");
        return scrape;
    }
}
