using System.Diagnostics.CodeAnalysis;

namespace LocalRegistry.Registry.Oci;

/// <summary>A repository's name (OCI distribution-spec, Pulling manifests): components of lower-case letters and digits, joined by slashes.</summary>
/// <param name="Value">The name.</param>
internal readonly record struct RepositoryName(string Value)
{
    /// <summary>The longest name, as in Docker's registry.</summary>
    public const int MaximumLength = 255;

    /// <summary>What a name is, for people.</summary>
    public const string Grammar =
        "it has lower-case letters and digits, with \".\", \"_\", \"__\" or hyphens between them, in parts joined by single slashes, 255 characters at most";

    /// <summary>Reads a name by the grammar <c>[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/...)*</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RepositoryName name)
    {
        name = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaximumLength)
        {
            return false;
        }

        foreach (Range component in text.AsSpan().Split('/'))
        {
            if (!IsComponent(text.AsSpan(component)))
            {
                return false;
            }
        }

        name = new RepositoryName(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsComponent(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !IsAlphanumeric(text[0]) || !IsAlphanumeric(text[^1]))
        {
            return false;
        }

        for (int i = 0; i < text.Length;)
        {
            int separator = i;
            while (!IsAlphanumeric(text[i]))
            {
                i++;
            }

            if (i > separator && text[separator..i] is not ("." or "_" or "__") && text[separator..i].ContainsAnyExcept('-'))
            {
                return false;
            }

            i++;
        }

        return true;
    }

    private static bool IsAlphanumeric(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
