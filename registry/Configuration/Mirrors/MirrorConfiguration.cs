namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>
/// <c>mirrors.yml</c>: which image hosts a node's registry stands in for, and how the node's container runtime is told. The registry reads it to
/// answer, <c>registry node-config</c> to configure the runtime.
/// </summary>
public sealed record MirrorConfiguration
{
    /// <summary>Whose it is, as <c>namespace/name</c> of the LocalRegistry: the mark on what is written to the node.</summary>
    public required string Owner { get; init; }

    /// <summary>
    /// Whether the file says which hosts there are; an empty list says: none, and a request that names a host is for nothing. If it does not say,
    /// what a request says of a host means nothing, as to Docker's registry.
    /// </summary>
    public bool KnowsHosts { get; init; } = true;

    /// <summary>The hosts, each at most once.</summary>
    public IReadOnlyList<MirrorRule> Mirrors { get; init; } = [];

    /// <summary>The repositories of the bucket that are served; null for all of them.</summary>
    public IReadOnlyList<RepositoryPattern>? Repositories { get; init; }

    /// <summary>Where the node's registry answers, such as <c>127.0.0.1:5000</c>.</summary>
    public required ListenAddress Registry { get; init; }

    /// <summary>Where it answers for its health, as seen from the node; null if the node does not reach that.</summary>
    public ListenAddress? Debug { get; init; }

    /// <summary>The node's container runtime; null if the node is not to be configured.</summary>
    public NodeRuntime? Runtime { get; init; }
}
