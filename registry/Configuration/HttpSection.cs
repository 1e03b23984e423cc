using System.Buffers;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>http</c>.</summary>
internal static class HttpSection
{
    /// <summary>RFC 9110, section 5.6.2: what a token is made of.</summary>
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static HttpConfiguration Read(Section section)
    {
        var http = new HttpConfiguration
        {
            Address = Address(section) ?? new HttpConfiguration().Address,
            DebugAddress = ReadDebug(section.Child("debug")),
            Host = Host(section),
            RelativeUrls = section.Flag("relativeurls", false),
            Headers = Headers(section),
            DrainTimeout = section.Duration("draintimeout", new HttpConfiguration().DrainTimeout),
        };
        section.Choice("net", "tcp", ("tcp", "tcp"));
        section.Unsupported("prefix", "is not supported; remove it");
        section.Unsupported("secret", "is not supported: an upload ends on the process that it began on, so nothing is signed; remove it");
        section.Unsupported("tls", "is not supported: the registry listens on the node's loopback interface; remove it");
        section.Unsupported("http2", "is not supported: HTTP/1.1 is served; remove it");
        section.Unsupported("h2c", "is not supported: HTTP/1.1 is served; remove it");
        section.End();
        return http;
    }

    private static ListenAddress? ReadDebug(Section section)
    {
        ListenAddress? address = Address(section);
        section.Unsupported("prometheus", "is not supported; remove it");
        section.End();
        return address;
    }

    private static ListenAddress? Address(Section section)
    {
        string? text = section.Text("addr");
        if (text is null)
        {
            return null;
        }

        if (ListenAddress.TryParse(text, out ListenAddress? address))
        {
            return address;
        }

        section.Invalid("addr", $"must be host:port with an IP address, such as :5000 or 127.0.0.1:5000, not \"{text}\"");
        return null;
    }

    // What the server would refuse to send is refused here: otherwise every answer would be a failure.
    private static Dictionary<string, IReadOnlyList<string>> Headers(Section section)
    {
        Dictionary<string, IReadOnlyList<string>> headers = section.TextLists("headers");
        foreach ((string name, IReadOnlyList<string> values) in headers)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters) || values.Any(v => v.AsSpan().ContainsAnyExceptInRange(' ', '~')))
            {
                section.Invalid("headers", $"\"{name}\" cannot be sent: a header's name has letters, digits and hyphens, its values printable ASCII characters");
            }
        }

        return headers;
    }

    private static Uri? Host(Section section)
    {
        string? text = section.Text("host");
        if (text is null)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? host) && (host.Scheme is "http" or "https"))
        {
            return host;
        }

        section.Invalid("host", $"must be an http or https URL, not \"{text}\"");
        return null;
    }
}
