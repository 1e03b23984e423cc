using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>cosign with a key pair of its own, and nothing of the public log.</summary>
[Collection<ClientBenchTests>]
public sealed class CosignTests(ClientBench bench) : IDisposable
{
    private const string Bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private const string Plain = "--allow-http-registry";
    private const string NoLog = "--insecure-ignore-tlog";

    private readonly TestImages _images = new();
    private readonly string _name = ClientBench.NewName();
    private readonly string _keys = $"{Guid.NewGuid():N}";

    private string PrivateKey => $"{_keys}.key";

    private string PublicKey => $"{_keys}.pub";

    private string Repository => $"{bench.Address}/{_name}";

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Signature_and_attestation_are_referrers_and_are_verified()
    {
        TestImage image = await PushAsync();
        string configuration = $"{_keys}.json";
        File.WriteAllText(Path.Combine(bench.Home, $"{_keys}.predicate"), """{"built":"here"}""");
        await bench.RunAsync("cosign", "signing-config", "create", "--out", configuration);
        string[] signing = ["--yes", "--key", PrivateKey, "--signing-config", configuration, Plain];

        await bench.RunAsync("cosign", ["sign", .. signing, $"{Repository}@{image.Digest}"]);
        await bench.RunAsync("cosign", ["attest", .. signing, "--type", "custom", "--predicate", $"{_keys}.predicate", $"{Repository}@{image.Digest}"]);
        string verified = await bench.RunAsync("cosign", "verify", "--key", PublicKey, NoLog, Plain, $"{Repository}:v1");
        await bench.RunAsync("cosign", "verify-attestation", "--type", "custom", "--key", PublicKey, NoLog, Plain, $"{Repository}:v1");
        string tree = await bench.RunAsync("cosign", "tree", Plain, $"{Repository}:v1");

        IReadOnlyList<(string Digest, string? ArtifactType)> referrers = await bench.Api.ReferrersAsync(_name, image.Digest);
        Assert.Contains(image.Digest, verified, StringComparison.Ordinal);
        Assert.Equal([Bundle, Bundle], referrers.Select(r => r.ArtifactType));
        Assert.All(referrers, r => Assert.Contains(r.Digest, tree, StringComparison.Ordinal));
        Assert.Equal(["v1"], await bench.Api.TagsAsync(_name));
    }

    [Fact]
    public async Task Signature_and_sbom_under_tags_as_older_versions_keep_them_are_found()
    {
        TestImage image = await PushAsync();
        string tag = image.Digest.Replace(':', '-');
        File.WriteAllText(Path.Combine(bench.Home, $"{_keys}.sbom"), "{}");

        await bench.RunAsync(
            "cosign", "sign", "--yes", "--key", PrivateKey, "--use-signing-config=false", "--new-bundle-format=false", "--tlog-upload=false", Plain, $"{Repository}@{image.Digest}");
        await bench.RunAsync("cosign", "attach", "sbom", "--sbom", $"{_keys}.sbom", Plain, $"{Repository}@{image.Digest}");
        await bench.RunAsync("cosign", "verify", "--new-bundle-format=false", "--key", PublicKey, NoLog, Plain, $"{Repository}:v1");
        string tree = await bench.RunAsync("cosign", "tree", Plain, $"{Repository}:v1");

        Assert.Contains($"{tag}.sig", tree, StringComparison.Ordinal);
        Assert.Contains($"{tag}.sbom", tree, StringComparison.Ordinal);
        Assert.Equal([$"{tag}.sbom", $"{tag}.sig", "v1"], await bench.Api.TagsAsync(_name));
    }

    [Fact]
    public async Task Image_that_another_key_signed_is_not_verified()
    {
        TestImage image = await PushAsync();
        await bench.RunAsync(
            "cosign", "sign", "--yes", "--key", PrivateKey, "--use-signing-config=false", "--tlog-upload=false", Plain, $"{Repository}@{image.Digest}");
        await bench.RunAsync("cosign", "generate-key-pair", "--output-key-prefix", $"{_keys}-other");

        CommandException refused = await Assert.ThrowsAsync<CommandException>(
            () => bench.RunAsync("cosign", "verify", "--key", $"{_keys}-other.pub", NoLog, Plain, $"{Repository}:v1"));

        Assert.Contains("signature", refused.Message, StringComparison.Ordinal);
    }

    private async Task<TestImage> PushAsync()
    {
        TestImage image = await _images.CreateAsync(layers: 1, layerBytes: 1000);
        await bench.PushAsync(image, $"{_name}:v1");
        await bench.RunAsync("cosign", "generate-key-pair", "--output-key-prefix", _keys);
        return image;
    }
}
