namespace LocalRegistry.Operator.Mirroring;

/// <summary>What the condition is summed up from.</summary>
internal sealed record MirrorFacts
{
    /// <summary>How many nodes are to pull through their registry.</summary>
    public required int Desired { get; init; }

    /// <summary>How many hosts they are to pull from.</summary>
    public required int Hosts { get; init; }

    /// <summary>The nodes that have a node-configuration pod.</summary>
    public required IReadOnlyList<MirroredNode> Nodes { get; init; }

    /// <summary>Why node-configuration pods do not start, with their nodes.</summary>
    public IReadOnlyList<string> Trouble { get; init; } = [];

    /// <summary>What the API server refuses of the proofs; null if nothing.</summary>
    public string? Refused { get; init; }

    /// <summary>Whether enough nodes have been proven before, with the same plan: new pods on them are no news then.</summary>
    public required bool WasProven { get; init; }

    /// <summary>Whether the resource has been ready before, with the same plan.</summary>
    public bool WasReady { get; init; }

    /// <summary>How many nodes have had no node-configuration pod for longer than <see cref="ProofSchedule.Patience"/>.</summary>
    public int Missing { get; init; }

    /// <summary>When nodes are proven.</summary>
    public required ProofSchedule Schedule { get; init; }

    /// <summary>The time.</summary>
    public required DateTimeOffset Now { get; init; }
}
