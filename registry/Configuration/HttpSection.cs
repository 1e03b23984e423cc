using System.Buffers;
using System.Text;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>http</c>.</summary>
internal static class HttpSection
{
    /// <summary>The part of RFC 3986's path characters that no client writes in another way.</summary>
    private static readonly SearchValues<char> PrefixCharacters =
        SearchValues.Create("/-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The longest path that an address of a Unix socket holds, in bytes (unix(7)).</summary>
    private const int LongestSocketPath = 107;

    private const string DefaultMetricsPath = "/metrics";

    public static HttpConfiguration Read(Section section)
    {
        (ListenAddress? debug, string? metrics) = ReadDebug(section.Child("debug"));
        bool isSocket = section.Choice("net", false, ("tcp", false), ("unix", true));
        Section http2 = section.Child("http2");
        var http = new HttpConfiguration
        {
            Address = (isSocket ? null : Address(section)) ?? new HttpConfiguration().Address,
            SocketPath = isSocket ? SocketPath(section) : null,
            Tls = TlsSection.Read(section.Child("tls")),
            Http2 = !http2.Flag("disabled", false),
            Prefix = Prefix(section),
            DebugAddress = debug,
            MetricsPath = metrics,
            Host = Host(section),
            RelativeUrls = section.Flag("relativeurls", false),
            Secret = section.Text("secret"),
            MaxUploadSize = section.Size("maxuploadsize", long.MaxValue, 1),
            Headers = HeaderLists.Read(section, "headers"),
            DrainTimeout = section.Duration("draintimeout", new HttpConfiguration().DrainTimeout),
        };
        http2.End();
        section.Unsupported("h2c", "is not supported: HTTP/2 is served over TLS only; remove it");
        section.End();
        return http;
    }

    private static (ListenAddress? Address, string? MetricsPath) ReadDebug(Section section)
    {
        ListenAddress? address = Address(section);
        Section prometheus = section.Child("prometheus");
        bool isEnabled = prometheus.Flag("enabled", false);
        string path = prometheus.Text("path") ?? DefaultMetricsPath;
        if (path[0] != '/' || path.AsSpan().ContainsAnyExcept(PrefixCharacters) || path.StartsWith("/debug/", StringComparison.Ordinal))
        {
            prometheus.Invalid("path", $"must be a path of letters, digits, \"-\", \".\" and \"_\" that is not below /debug/, such as {DefaultMetricsPath}, not \"{path}\"");
        }

        if (isEnabled && address is null)
        {
            prometheus.Invalid("enabled", "needs http.debug.addr, where metrics are answered");
        }

        prometheus.End();
        section.End();
        return (address, isEnabled ? path : null);
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

    private static string? SocketPath(Section section)
    {
        string path = section.RequiredText("addr", "name the socket's path");
        if (path.Length == 0)
        {
            return null;
        }

        if (path[0] == '/' && path[^1] != '/' && !path.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(path) <= LongestSocketPath)
        {
            return path;
        }

        section.Invalid("addr", $"must be the absolute path of a socket, of {LongestSocketPath} bytes at most, such as /run/registry.sock, not \"{path}\"");
        return null;
    }

    private static string Prefix(Section section)
    {
        string prefix = section.Text("prefix") ?? "/";
        bool isPath = prefix[0] == '/' && prefix[^1] == '/' && !prefix.AsSpan().ContainsAnyExcept(PrefixCharacters)
            && (prefix.Length == 1 || prefix[1..^1].Split('/').All(part => part is not ("" or "." or "..")));
        if (isPath)
        {
            return prefix;
        }

        section.Invalid("prefix", $"must be a path of letters, digits, \"-\", \".\" and \"_\" with a slash at both ends, such as /registry/, not \"{prefix}\"");
        return "/";
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
