using k8s.Models;

namespace LocalRegistry.Operator.Api;

/// <summary>The registry on each node (<c>spec.node</c>).</summary>
public sealed record NodeSpec
{
    /// <summary>The registry's port on 127.0.0.1; null takes the port of <c>spec.config.http.addr</c>, or 5000.</summary>
    public int? Port { get; init; }

    /// <summary>The port for health on 127.0.0.1; null takes the port of <c>spec.config.http.debug.addr</c>, or 5001.</summary>
    public int? DebugPort { get; init; }

    /// <summary>How the registry is reached on its node.</summary>
    public NodeNetwork Network { get; init; } = NodeNetwork.Host;

    /// <summary>The nodes' container runtime, which is told of <c>spec.mirrors</c>.</summary>
    public NodeRuntimeSpec Runtime { get; init; } = new();

    /// <summary>The registry's cache on each node's disk; null for none.</summary>
    public NodeCacheSpec? Cache { get; init; }

    /// <summary>The nodes that get a registry; null or empty for all.</summary>
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    /// <summary>Taints to tolerate; null tolerates every one.</summary>
    public IReadOnlyList<V1Toleration>? Tolerations { get; init; }

    /// <summary>What the registry's container asks of its node; null takes a small default.</summary>
    public V1ResourceRequirements? Resources { get; init; }
}
