using LocalRegistry.Registry.Tests;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>Clients that the registry's program sends on to S3 for blobs.</summary>
public sealed class RedirectTests(S3Fixture s3) : IAsyncLifetime
{
    private readonly TestImages _images = new();
    private RegistryProcess? _started;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RegistryProcess Registry => _started!;

    public async ValueTask InitializeAsync()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        _started = await RegistryProcess.StartAsync(
            RegistryFiles.For(s3, bucket),
            null,
            new Dictionary<string, string> { ["REGISTRY_STORAGE_REDIRECT_DISABLE"] = "false" });
    }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        _images.Dispose();
    }

    [Fact]
    public async Task Skopeo_pulls_an_image_byte_for_byte_and_the_log_gives_no_signed_url_away()
    {
        TestImage image = await _images.CreateAsync();
        string pulled = _images.NewFolder();

        await Skopeo.CopyAsync(image.Reference, Registry.Image("team/app:v1"), null, Token);
        await Skopeo.CopyAsync(Registry.Image($"team/app@{image.Digest}"), $"oci:{pulled}:latest", null, Token);

        Assert.Equal(TestImages.DigestsIn(image.Folder), TestImages.DigestsIn(pulled));
        await Wait.UntilAsync(
            "redirects in the access log", _ => Task.FromResult((Registry.Log.Contains($"/v2/team/app/blobs/{image.LayerDigests[0]} 307", StringComparison.Ordinal), Registry.Log)), TimeSpan.FromSeconds(60), Token);
        Assert.DoesNotContain("X-Amz-", Registry.Log, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Curl_follows_for_a_whole_blob_a_range_and_a_head()
    {
        TestImage image = await _images.CreateAsync();
        await Skopeo.CopyAsync(image.Reference, Registry.Image("team/app:v1"), null, Token);
        string url = $"http://{Registry.Address}/v2/team/app/blobs/{image.LayerDigests[0]}";
        string folder = _images.NewFolder();
        Directory.CreateDirectory(folder);
        string whole = Path.Combine(folder, "whole");
        string part = Path.Combine(folder, "part");

        string first = await CurlAsync("-L", "-o", whole, "-w", "%{http_code} %{num_redirects} %{url_effective}", url);
        string second = await CurlAsync("-L", "-r", "1000-1999", "-o", part, "-w", "%{http_code} %{num_redirects}", url);
        string head = await CurlAsync("-L", "-I", "-o", "/dev/null", "-w", "%{http_code} %{num_redirects} %header{content-length}", url);

        byte[] content = await File.ReadAllBytesAsync(whole, Token);
        Assert.StartsWith($"200 1 {s3.Server.Endpoint}", first, StringComparison.Ordinal);
        Assert.Equal(image.LayerDigests[0], TestContent.Sha256(content));
        Assert.Equal("206 1", second);
        Assert.Equal(content[1000..2000], await File.ReadAllBytesAsync(part, Token));
        Assert.StartsWith("200 1", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blob_of_another_repository_is_404_and_leads_nowhere()
    {
        TestImage image = await _images.CreateAsync();
        await Skopeo.CopyAsync(image.Reference, Registry.Image("team/app:v1"), null, Token);

        string answer = await CurlAsync(
            "-L", "-o", "/dev/null", "-w", "%{http_code} %{num_redirects}", $"http://{Registry.Address}/v2/team/other/blobs/{image.LayerDigests[0]}");

        Assert.Equal("404 0", answer);
    }

    private static async Task<string> CurlAsync(params string[] arguments) => (await CommandLine.RunAsync("curl", ["-sS", .. arguments], Token)).Output;
}
