using System.Buffers;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads headers, each with the list of its values.</summary>
internal static class HeaderLists
{
    /// <summary>RFC 9110, section 5.6.2: what a token is made of.</summary>
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

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
        }

        return headers;
    }
}
