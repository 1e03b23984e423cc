using System.Text;

namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>What is pushed and pulled: some blobs, and a manifest that names them.</summary>
/// <param name="Blobs">The blobs; the first is the config.</param>
/// <param name="InChunks">Whether a blob's bytes are sent by PATCH, before its digest is known; else by PUT.</param>
/// <param name="HasManifest">Whether the manifest is pushed and pulled as well, or the blobs alone.</param>
internal sealed record FaultImage(byte[][] Blobs, bool InChunks = false, bool HasManifest = true)
{
    public const string MediaType = "application/vnd.oci.image.manifest.v1+json";

    public byte[] Manifest { get; } = Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{MediaType}}","config":{{Descriptor(Blobs[0])}},"layers":[{{string.Join(',', Blobs.Skip(1).Select(Descriptor))}}]}""");

    private static string Descriptor(byte[] blob) =>
        $$"""{"mediaType":"application/octet-stream","digest":"{{Tests.TestContent.Sha256(blob)}}","size":{{blob.Length}}}""";
}
