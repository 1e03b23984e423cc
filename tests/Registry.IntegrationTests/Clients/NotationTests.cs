using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>notation, with a certificate made for the test.</summary>
[Collection<ClientBenchTests>]
public sealed class NotationTests(ClientBench bench) : IDisposable
{
    private const string Signature = "application/vnd.cncf.notary.signature";

    private readonly TestImages _images = new();
    private readonly string _name = ClientBench.NewName();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Signatures_by_the_api_and_by_the_tag_are_listed_and_verified()
    {
        TestImage image = await _images.CreateAsync(layers: 1, layerBytes: 1000);
        await bench.PushAsync(image, $"{_name}:v1");
        string signed = $"{bench.Address}/{_name}@{image.Digest}";
        string policy = $"{Guid.NewGuid():N}.json";
        File.WriteAllText(
            Path.Combine(bench.Home, policy),
            """
            {"version":"1.0","trustPolicies":[{"name":"test","registryScopes":["*"],"signatureVerification":{"level":"strict"},
             "trustStores":["ca:test"],"trustedIdentities":["*"]}]}
            """);
        await bench.RunAsync("notation", "cert", "generate-test", "--default", "test");
        await bench.RunAsync("notation", "policy", "import", policy);

        await bench.RunAsync("notation", "sign", "--insecure-registry", "--force-referrers-tag=false", signed);
        await bench.RunAsync("notation", "sign", "--insecure-registry", "--force-referrers-tag=true", "--signature-format", "cose", signed);
        string verified = await bench.RunAsync("notation", "verify", "--insecure-registry", signed);
        string listed = await bench.RunAsync("notation", "ls", "--insecure-registry", signed);

        IReadOnlyList<(string Digest, string? ArtifactType)> referrers = await bench.Api.ReferrersAsync(_name, image.Digest);
        Assert.Contains("Successfully verified", verified, StringComparison.Ordinal);
        Assert.Equal([Signature, Signature], referrers.Select(r => r.ArtifactType));
        Assert.All(referrers, r => Assert.Contains(r.Digest, listed, StringComparison.Ordinal));
        Assert.Equal([image.Digest.Replace(':', '-'), "v1"], await bench.Api.TagsAsync(_name));
    }
}
