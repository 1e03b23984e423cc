using LocalRegistry.Registry.Tests;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>skopeo, as it comes, against the registry's program on S3.</summary>
public sealed class SkopeoTests(S3Fixture s3) : IAsyncLifetime
{
    private readonly TestImages _images = new();
    private string _bucket = "";
    private RegistryProcess? _started;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RegistryProcess Registry => _started!;

    public async ValueTask InitializeAsync()
    {
        _bucket = await s3.CreateBucketAsync(encrypted: true);
        _started = await RegistryProcess.StartAsync(RegistryFiles.For(s3, _bucket));
    }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        _images.Dispose();
    }

    [Fact]
    public async Task Oci_image_comes_back_byte_for_byte_and_lies_encrypted_below_the_root()
    {
        TestImage image = await _images.CreateAsync();
        string pulled = _images.NewFolder();

        await Skopeo.CopyAsync(image.Reference, Registry.Image("team/app:v1"), null, Token);
        await Skopeo.CopyAsync(Registry.Image($"team/app@{image.Digest}"), $"oci:{pulled}:latest", null, Token);

        Assert.Equal(image.Digest, await Skopeo.DigestAsync(Registry.Image("team/app:v1"), null, Token));
        Assert.Equal(TestImages.DigestsIn(image.Folder), TestImages.DigestsIn(pulled));
        foreach (string key in await s3.KeysAsync(_bucket))
        {
            Assert.StartsWith("myroot/docker/registry/v2/", key, StringComparison.Ordinal);
            Assert.Equal("AES256", (await s3.Client.GetObjectMetadataAsync(_bucket, key, Token)).ServerSideEncryptionMethod?.Value);
        }
    }

    [Fact]
    public async Task Docker_schema_2_image_keeps_its_format_and_its_layers()
    {
        TestImage image = await _images.CreateAsync();
        string pulled = _images.NewFolder();

        await Skopeo.RunAsync(["copy", "--format", "v2s2", "--dest-tls-verify=false", image.Reference, Registry.Image("team/app:docker")], null, Token);
        string manifest = await Skopeo.RunAsync(["inspect", "--raw", "--tls-verify=false", Registry.Image("team/app:docker")], null, Token);
        await Skopeo.CopyAsync(Registry.Image("team/app:docker"), $"dir:{pulled}", null, Token);

        Assert.Contains("\"application/vnd.docker.distribution.manifest.v2+json\"", manifest, StringComparison.Ordinal);
        Assert.All(image.LayerDigests, d => Assert.Equal(d, TestContent.Sha256(File.ReadAllBytes(Path.Combine(pulled, d["sha256:".Length..])))));
        Assert.Equal(manifest, await File.ReadAllTextAsync(Path.Combine(pulled, "manifest.json"), Token));
    }

    [Fact]
    public async Task Second_push_into_another_repository_mounts_and_both_are_listed()
    {
        TestImage image = await _images.CreateAsync();

        await Skopeo.CopyAsync(image.Reference, Registry.Image("team/one:v1"), null, Token);
        await Skopeo.CopyAsync(Registry.Image("team/one:v1"), Registry.Image("team/two:v2"), null, Token);
        string tags = await Skopeo.RunAsync(["list-tags", "--tls-verify=false", Registry.Image("team/two")], null, Token);

        Assert.Equal(image.Digest, await Skopeo.DigestAsync(Registry.Image("team/two:v2"), null, Token));
        Assert.Contains("\"v2\"", tags, StringComparison.Ordinal);
        using var client = new HttpClient();
        Assert.Equal("""{"repositories":["team/one","team/two"]}""", await client.GetStringAsync(new Uri($"http://{Registry.Address}/v2/_catalog"), Token));
    }

    [Fact]
    public async Task Registry_that_is_asked_to_stop_ends_with_0_and_the_next_one_serves()
    {
        TestImage image = await _images.CreateAsync();
        await Skopeo.CopyAsync(image.Reference, Registry.Image("team/app:v1"), null, Token);

        Assert.Equal(0, await Registry.StopAsync());
        await using RegistryProcess next = await RegistryProcess.StartAsync(RegistryFiles.For(s3, _bucket));

        Assert.Equal(image.Digest, await Skopeo.DigestAsync(next.Image("team/app:v1"), null, Token));
    }
}
