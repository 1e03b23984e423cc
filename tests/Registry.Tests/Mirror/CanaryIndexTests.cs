using System.Runtime.InteropServices;
using System.Text.Json;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror;

public sealed class CanaryIndexTests
{
    [Fact]
    public void Index_names_the_image_of_every_architecture()
    {
        CanaryIndex index = CanaryIndex.Make();

        ManifestDocument document = ManifestDocument.TryParse(index.Content, MediaTypes.OciIndex, out string problem)!;
        Assert.Equal(("", MediaTypes.OciIndex), (problem, document.MediaType));
        Assert.Equal(
            ["amd64/linux", "arm64/linux"],
            Manifests(index).Select(m => m.GetProperty("platform")).Select(p => $"{p.GetProperty("architecture").GetString()}/{p.GetProperty("os").GetString()}"));
        CanaryImage[] images = [CanaryImage.For(Architecture.X64), CanaryImage.For(Architecture.Arm64)];
        Assert.Equal(images.Select(i => i.Manifest), index.Images.Select(i => i.Manifest));
        Assert.Equal(
            images.Select(i => (MediaTypes.OciManifest, TestContent.Sha256(i.Manifest), i.Manifest.Length)),
            Manifests(index).Select(m => (m.GetProperty("mediaType").GetString()!, m.GetProperty("digest").GetString()!, m.GetProperty("size").GetInt32())));
    }

    private static List<JsonElement> Manifests(CanaryIndex index)
    {
        using JsonDocument document = JsonDocument.Parse(index.Content);
        return [.. document.RootElement.GetProperty("manifests").EnumerateArray().Select(m => m.Clone())];
    }
}
