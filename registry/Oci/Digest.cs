using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace LocalRegistry.Registry.Oci;

/// <summary>A content digest of a registered algorithm, <c>sha256:&lt;64 hex&gt;</c> or <c>sha512:&lt;128 hex&gt;</c> (OCI image-spec, Descriptors, Digests).</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Hex">The hash in lower-case hexadecimal digits.</param>
internal readonly record struct Digest(DigestAlgorithm Algorithm, string Hex)
{
    /// <summary>The digits of <see cref="Hex"/>.</summary>
    public static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Reads a digest; capitals, other lengths and other algorithms are refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        int colon = text?.IndexOf(':') ?? -1;
        if (colon < 0)
        {
            return false;
        }

        ReadOnlySpan<char> hex = text.AsSpan(colon + 1);
        if (DigestAlgorithm.Find(text.AsSpan(0, colon)) is not { } algorithm
            || hex.Length != algorithm.HexLength
            || hex.ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        digest = new Digest(algorithm, hex.ToString());
        return true;
    }

    /// <summary>The digest of some bytes.</summary>
    public static Digest Of(DigestAlgorithm algorithm, ReadOnlySpan<byte> content) =>
        FromHash(algorithm, algorithm.Hash(content));

    /// <summary>The digest with this hash.</summary>
    public static Digest FromHash(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash) => new(algorithm, Convert.ToHexStringLower(hash));

    /// <inheritdoc/>
    public override string ToString() => $"{Algorithm.Name}:{Hex}";
}
