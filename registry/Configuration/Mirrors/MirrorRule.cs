namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>One image host that the registry stands in for.</summary>
public sealed record MirrorRule
{
    /// <summary>The host as image names have it, or the wildcard.</summary>
    public required ImageHost Host { get; init; }

    /// <summary>
    /// Where the host's repositories lie in the bucket: put before their names with a slash, nothing if empty. Under the wildcard the host
    /// itself follows it, so that two hosts' repositories never become one.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary>Whether the runtime asks the image's own host for what the registry does not have.</summary>
    public bool Fallback { get; init; } = true;

    /// <summary>What becomes of mirrors that the node had for this host before.</summary>
    public ExistingMirrors Existing { get; init; } = ExistingMirrors.Merge;
}
