using System.Text.Json;

namespace LocalRegistry.Operator.Api;

/// <summary>What a user asks for. The CRD holds the same defaults.</summary>
public sealed record LocalRegistrySpec
{
    /// <summary>The registry's <c>config.yml</c>, key by key as Docker's registry reads it.</summary>
    public JsonElement Config { get; init; }

    /// <summary>What the nodes may do with their registry.</summary>
    public AccessMode Access { get; init; } = AccessMode.ReadOnly;

    /// <summary>Where the registry's credentials come from; null means the pod's own identity.</summary>
    public CredentialsSpec? Credentials { get; init; }

    /// <summary>The registry's ServiceAccount.</summary>
    public ServiceAccountSpec ServiceAccount { get; init; } = new();

    /// <summary>How bucket and access are proven.</summary>
    public ValidationSpec Validation { get; init; } = new();

    /// <summary>The image hosts that the nodes' registries stand in for; null or empty for none.</summary>
    public IReadOnlyList<MirrorSpec>? Mirrors { get; init; }

    /// <summary>The repositories of the bucket that are served, such as <c>team/app</c> or <c>team/*</c>; null for all of them.</summary>
    public IReadOnlyList<string>? Repositories { get; init; }

    /// <summary>The registry on each node.</summary>
    public NodeSpec Node { get; init; } = new();
}
