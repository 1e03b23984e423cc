using System.Buffers;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads headers, each with the list of its values.</summary>
internal static class HeaderLists
{
    /// <summary>RFC 9110, section 5.6.2: what a token is made of.</summary>
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>RFC 9110, section 7.6.1, and RFC 9112, section 6: they tell where a message ends and whether the connection goes on.</summary>
    private static readonly HashSet<string> Framing = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Keep-Alive", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <summary>Reads a mapping of headers. What could not be sent is refused here: otherwise every message would be a failure.</summary>
    public static Dictionary<string, IReadOnlyList<string>> Read(Section section, string key)
    {
        Dictionary<string, IReadOnlyList<string>> headers = section.TextLists(key);
        foreach ((string name, IReadOnlyList<string> values) in headers)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters) || values.Any(v => v.AsSpan().ContainsAnyExceptInRange(' ', '~')))
            {
                section.Invalid(key, $"\"{name}\" cannot be sent: a header's name has letters, digits and hyphens, its values printable ASCII characters");
            }

            if (Framing.Contains(name))
            {
                section.Invalid(key, $"\"{name}\" cannot be set: the registry tells by it where a message ends; remove it");
            }
        }

        return headers;
    }
}
