using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Api;

/// <summary>An image host that the nodes' registries stand in for (one of <c>spec.mirrors</c>).</summary>
public sealed record MirrorSpec
{
    /// <summary>The host as image names have it, such as <c>registry.example.com</c>; <c>*</c> for every host that has no entry of its own.</summary>
    public string Host { get; init; } = "";

    /// <summary>
    /// Where the host's repositories lie in the bucket: what their names begin with there, without a slash at the end. Under <c>*</c> the host
    /// follows it.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary>Whether the image's own host is asked for what the bucket does not have.</summary>
    public bool Fallback { get; init; } = true;

    /// <summary>What becomes of mirrors that a node had for this host before.</summary>
    public ExistingMirrors Existing { get; init; } = ExistingMirrors.Merge;
}
