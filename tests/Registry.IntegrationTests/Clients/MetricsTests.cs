using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using LocalRegistry.Registry.Tests.Telemetry;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>What Docker's registry tells Prometheus, ours tells under the same names.</summary>
public sealed partial class MetricsTests(S3Fixture s3) : IDisposable
{
    private readonly TestImages _images = new();
    private readonly HttpClient _client = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task Every_series_of_dockers_registry_is_there_with_its_labels_and_buckets()
    {
        TestImage image = await _images.CreateAsync();
        (string Name, string Value)[] keys = [("STORAGE_CACHE_BLOBDESCRIPTOR", "inmemory"), ("HTTP_DEBUG_PROMETHEUS_ENABLED", "true")];
        string dockersDebug = $"127.0.0.1:{FreePort.Find()}";
        string oursDebug = $"127.0.0.1:{FreePort.Find()}";
        await using DockerRegistry dockers = await DockerRegistry.StartAsync(
            s3.Server,
            await s3.CreateBucketAsync(encrypted: true),
            "/myroot",
            Token,
            [.. keys.Append((Name: "HTTP_DEBUG_ADDR", Value: dockersDebug)).Select(k => new KeyValuePair<string, string?>($"REGISTRY_{k.Name}", k.Value))]);
        await using RegistryProcess ours = await RegistryProcess.StartAsync(
            RegistryFiles.For(s3, await s3.CreateBucketAsync(encrypted: true)),
            keys.Append((Name: "HTTP_DEBUG_ADDR", Value: oursDebug)).Select(k => new KeyValuePair<string, string>($"REGISTRY_{k.Name}", k.Value)));

        await UseAsync(dockers.Address, image);
        await UseAsync(ours.Address, image);
        Scrape theirs = await Scrape.OfAsync(new Uri($"http://{dockersDebug}/metrics"), Token);
        Scrape own = await Scrape.OfAsync(new Uri($"http://{oursDebug}/metrics"), Token);

        string[] shapes = [.. theirs.Shapes.Where(s => s.StartsWith("registry_http_", StringComparison.Ordinal) || s.StartsWith("registry_storage_", StringComparison.Ordinal))];
        Assert.Contains("registry_storage_action_seconds_bucket{action,driver,le}", shapes);
        Assert.Contains("registry_http_requests_total{code,handler,method}", shapes);
        Assert.All(shapes, shape => Assert.Contains(shape, own.Shapes));
        foreach (string histogram in (string[])["registry_http_request_duration_seconds", "registry_http_request_size_bytes", "registry_http_response_size_bytes", "registry_storage_action_seconds"])
        {
            Assert.Equal(Buckets(theirs, histogram), Buckets(own, histogram));
        }

        foreach (string label in (string[])["handler", "method", "driver"])
        {
            Assert.All(Values(theirs, label), value => Assert.Contains(value, Values(own, label)));
        }

        Assert.Contains("localregistry_s3_requests_total{code,operation}", own.Shapes);
        Assert.True(own["""localregistry_s3_requests_total{operation="PutObject",code="200"}"""] > 0);
    }

    private async Task UseAsync(string address, TestImage image)
    {
        string name = $"docker://{address}/team/app:v1";
        await Skopeo.CopyAsync(image.Reference, name, null, Token);
        await Skopeo.CopyAsync(name, $"oci:{_images.NewFolder()}:v1", null, Token);
        foreach ((string path, HttpStatusCode status) in ((string, HttpStatusCode)[])
            [("team/app/tags/list", HttpStatusCode.OK), ("_catalog", HttpStatusCode.OK), ("", HttpStatusCode.OK), ("team/app/manifests/v9", HttpStatusCode.NotFound)])
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri($"http://{address}/v2/{path}"), Token);
            Assert.Equal(status, response.StatusCode);
        }
    }

    // Bounds are numbers: Go writes 1.048576e+06 where .NET writes 1048576.
    private static double[] Buckets(Scrape scrape, string histogram) =>
    [
        .. scrape.Series.Where(s => s.StartsWith($"{histogram}_bucket{{", StringComparison.Ordinal))
            .Select(s => Bound().Match(s).Groups[1].Value)
            .Select(b => b == "+Inf" ? double.PositiveInfinity : double.Parse(b, CultureInfo.InvariantCulture))
            .Distinct().Order(),
    ];

    private static HashSet<string> Values(Scrape scrape, string label) =>
    [
        .. scrape.Series.Where(s => s.StartsWith("registry_", StringComparison.Ordinal))
            .Select(s => Regex.Match(s, $"[{{,]{label}=\"([^\"]*)\"")).Where(m => m.Success).Select(m => m.Groups[1].Value),
    ];

    [GeneratedRegex("le=\"([^\"]*)\"")]
    private static partial Regex Bound();
}
