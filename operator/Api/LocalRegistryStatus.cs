namespace LocalRegistry.Operator.Api;

/// <summary>What the operator last saw.</summary>
public sealed record LocalRegistryStatus
{
    /// <summary>The generation that this status is about.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>The conditions, one of each of <see cref="ConditionTypes"/>.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>What each check last found, those that are off left out.</summary>
    public IReadOnlyList<CheckStatus> Checks { get; init; } = [];

    /// <summary>The registry's real calls, as its last preflight made them.</summary>
    public PreflightStatus? Preflight { get; init; }

    /// <summary>The ARN that the registry really has, as its preflight saw it.</summary>
    public string? Identity { get; init; }

    /// <summary>The bucket as it was last seen.</summary>
    public BucketStatus? Bucket { get; init; }

    /// <summary>How many nodes have a registry.</summary>
    public NodesStatus? Nodes { get; init; }

    /// <summary>The hash of the configuration that the nodes are given.</summary>
    public string? AppliedConfigHash { get; init; }

    /// <summary>The generation that the nodes are given: older than <see cref="ObservedGeneration"/> while that one does not pass.</summary>
    public long? AppliedGeneration { get; init; }

    /// <summary>When bucket and access were last asked about.</summary>
    public DateTime? LastValidated { get; init; }
}
