using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Api;

/// <summary>The nodes' container runtime (<c>spec.node.runtime</c>), which is told of the mirrors.</summary>
public sealed record NodeRuntimeSpec
{
    /// <summary>The kind of the nodes; null has it seen from the nodes themselves.</summary>
    public NodePlatform? Platform { get; init; }

    /// <summary>The folder where mirrors are configured; null takes the platform's.</summary>
    public string? Directory { get; init; }

    /// <summary>containerd's own configuration; null takes the platform's.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>How long deleting the resource waits for nodes that do not answer before it lets them be restored later, such as <c>5m</c>.</summary>
    public string RestoreTimeout { get; init; } = "5m";
}
