namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>http</c> section.</summary>
public sealed record HttpConfiguration
{
    /// <summary>Where the registry listens (<c>http.addr</c>).</summary>
    public ListenAddress Address { get; init; } = new(null, 5000);

    /// <summary>Where health is answered (<c>http.debug.addr</c>); null for nowhere.</summary>
    public ListenAddress? DebugAddress { get; init; }

    /// <summary>The registry's URL as clients know it, for <c>Location</c> headers (<c>http.host</c>); null takes the request's.</summary>
    public Uri? Host { get; init; }

    /// <summary>Whether <c>Location</c> headers carry a path only (<c>http.relativeurls</c>).</summary>
    public bool RelativeUrls { get; init; }

    /// <summary>Headers added to every response (<c>http.headers</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>How long requests under way may go on after a stop is asked for (<c>http.draintimeout</c>).</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
