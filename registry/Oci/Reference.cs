using System.Diagnostics.CodeAnalysis;

namespace LocalRegistry.Registry.Oci;

/// <summary>What names a manifest within a repository: a tag or a digest (OCI distribution-spec, Definitions, Reference).</summary>
/// <param name="Tag">The tag; null if the reference is a digest.</param>
/// <param name="Digest">The digest; null if the reference is a tag.</param>
internal readonly record struct Reference(string? Tag, Digest? Digest)
{
    /// <summary>The longest tag.</summary>
    public const int MaximumTagLength = 128;

    /// <summary>Reads a reference; a text with a colon can only be a digest.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Reference reference)
    {
        if (Oci.Digest.TryParse(text, out Digest digest))
        {
            reference = new Reference(null, digest);
            return true;
        }

        reference = IsTag(text) ? new Reference(text, null) : default;
        return reference.Tag is not null;
    }

    /// <summary>Whether a text is a tag: <c>[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}</c>.</summary>
    public static bool IsTag([NotNullWhen(true)] string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaximumTagLength || text[0] is '.' or '-')
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Tag ?? Digest.ToString() ?? "";
}
