using System.Runtime.InteropServices;
using System.Text;
using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Mirror;

/// <summary>
/// The image that the registry makes up under every host that it stands in for, as an index of its images for all architectures (OCI image-spec).
/// Every registry has all of it, whatever it runs on, so that the index is known by one digest.
/// </summary>
/// <param name="Content">The index.</param>
/// <param name="Images">The images, in the order of the index.</param>
internal sealed record CanaryIndex(byte[] Content, IReadOnlyList<CanaryImage> Images)
{
    private static readonly Architecture[] Architectures = [Architecture.X64, Architecture.Arm64];

    /// <summary>Makes it.</summary>
    public static CanaryIndex Make()
    {
        (Architecture Architecture, CanaryImage Image)[] images = [.. Architectures.Select(a => (a, CanaryImage.For(a)))];
        string manifests = string.Join(',', images.Select(i => Describe(i.Architecture, i.Image.Manifest)));
        byte[] content = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{manifests}}]}""");
        return new CanaryIndex(content, [.. images.Select(i => i.Image)]);
    }

    private static string Describe(Architecture architecture, byte[] manifest) =>
        $$$"""{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{Digest.Of(DigestAlgorithm.Sha256, manifest)}}}","size":{{{manifest.Length}}},"platform":{"architecture":"{{{CanaryProgram.NameOf(architecture)}}}","os":"linux"}}""";
}
