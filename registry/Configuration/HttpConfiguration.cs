namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>http</c> section.</summary>
public sealed record HttpConfiguration
{
    /// <summary>Where the registry listens (<c>http.addr</c>), unless on a Unix socket.</summary>
    public ListenAddress Address { get; init; } = new(null, 5000);

    /// <summary>The absolute path of the Unix socket that it listens on instead (<c>http.net: unix</c>, <c>http.addr</c>); null for none.</summary>
    public string? SocketPath { get; init; }

    /// <summary>How it speaks TLS (<c>http.tls</c>); null for plain HTTP.</summary>
    public TlsConfiguration? Tls { get; init; }

    /// <summary>Whether HTTP/2 is spoken over TLS (<c>http.http2.disabled</c>).</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>What all paths of the API begin with (<c>http.prefix</c>), a slash at both ends; <c>/</c> for nothing.</summary>
    public string Prefix { get; init; } = "/";

    /// <summary>Where health is answered (<c>http.debug.addr</c>); null for nowhere.</summary>
    public ListenAddress? DebugAddress { get; init; }

    /// <summary>Under which path metrics are answered there (<c>http.debug.prometheus</c>); null if none are kept.</summary>
    public string? MetricsPath { get; init; }

    /// <summary>The registry's URL as clients know it, for <c>Location</c> headers (<c>http.host</c>); null takes the request's.</summary>
    public Uri? Host { get; init; }

    /// <summary>Whether <c>Location</c> headers carry a path only (<c>http.relativeurls</c>).</summary>
    public bool RelativeUrls { get; init; }

    /// <summary>
    /// What the processes share that go on with each other's uploads (<c>http.secret</c>); null keeps an upload in the process that it began on.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>The most bytes that a blob may have (<c>http.maxuploadsize</c>).</summary>
    public long MaxUploadSize { get; init; } = long.MaxValue;

    /// <summary>Headers added to every response (<c>http.headers</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>How long requests under way may go on after a stop is asked for (<c>http.draintimeout</c>).</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"http {{ Address = {Address}, Prefix = {Prefix} }}";
}
