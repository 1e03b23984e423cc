namespace LocalRegistry.Operator.Api;

/// <summary>How many nodes have a registry, and pull through it.</summary>
public sealed record NodesStatus
{
    /// <summary>Nodes that should.</summary>
    public int Desired { get; init; }

    /// <summary>Nodes whose pod is of the current revision.</summary>
    public int Updated { get; init; }

    /// <summary>Nodes that serve.</summary>
    public int Ready { get; init; }

    /// <summary>Nodes whose container runtime is proven to pull through its registry; null if the resource asks for no mirrors.</summary>
    public int? Mirrored { get; init; }
}
