using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Text;
using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Mirror;

/// <summary>
/// The canary for the nodes of one architecture (OCI image-spec): one layer with one program, which exits with 0. Every registry makes the same
/// bytes.
/// </summary>
/// <param name="Manifest">The image's manifest.</param>
/// <param name="Config">The image's configuration.</param>
/// <param name="Layer">Its layer, an archive that is not compressed.</param>
internal sealed record CanaryImage(byte[] Manifest, byte[] Config, byte[] Layer)
{
    private const string Program = "canary";

    // Nobody, whom no node gives any right: the program needs none, and pods may have to be other than root.
    private const string User = "65534";

    /// <summary>Makes the image for the nodes of an architecture.</summary>
    /// <exception cref="PlatformNotSupportedException">The registry is not made for this architecture.</exception>
    public static CanaryImage For(Architecture architecture)
    {
        byte[] layer = Archive(CanaryProgram.For(architecture));
        // The layer is not compressed, so that its digest is that of its content too.
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""
            {"architecture":"{{{CanaryProgram.NameOf(architecture)}}}","os":"linux","config":{"User":"{{{User}}}","Entrypoint":["/{{{Program}}}"]},"rootfs":{"type":"layers","diff_ids":["{{{DigestOf(layer)}}}"]}}
            """);
        byte[] manifest = Encoding.UTF8.GetBytes(
            $$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{Describe("application/vnd.oci.image.config.v1+json", config)}},"layers":[{{Describe("application/vnd.oci.image.layer.v1.tar", layer)}}]}
            """);
        return new CanaryImage(manifest, config, layer);
    }

    private static byte[] Archive(byte[] program)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, Program)
            {
                DataStream = new MemoryStream(program),
                Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }

        return archive.ToArray();
    }

    private static string Describe(string mediaType, byte[] content) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{DigestOf(content)}}","size":{{content.Length}}}""";

    private static Digest DigestOf(byte[] content) => Digest.Of(DigestAlgorithm.Sha256, content);
}
