using System.Security.Cryptography;
using System.Text;

namespace LocalRegistry.Registry.Tests;

/// <summary>Content to push: the same bytes for the same arguments, on every run.</summary>
internal static class TestContent
{
    public static byte[] Bytes(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Sha256(ReadOnlySpan<byte> content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    public static string Sha512(ReadOnlySpan<byte> content) => $"sha512:{Convert.ToHexStringLower(SHA512.HashData(content))}";

    /// <summary>A repository's name that no other test uses.</summary>
    public static string NewName() => $"test/{Guid.NewGuid():N}";

    /// <summary>An image manifest whose config and one layer are a blob.</summary>
    /// <param name="mediaType">Its media type, in the document too.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="annotation">Makes manifests of the same blob differ.</param>
    public static byte[] Manifest(string mediaType, byte[] blob, string annotation = "")
    {
        string descriptor = Descriptor("application/octet-stream", blob);
        return Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{mediaType}}","annotations":{"a":"{{annotation}}"},"config":{{descriptor}},"layers":[{{descriptor}}]}""");
    }

    /// <summary>An index of one manifest.</summary>
    public static byte[] Index(string mediaType, string manifestType, byte[] manifest) => Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{mediaType}}","manifests":[{{Descriptor(manifestType, manifest)}}]}""");

    private static string Descriptor(string mediaType, byte[] content) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{Sha256(content)}}","size":{{content.Length}}}""";
}
