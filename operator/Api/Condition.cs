namespace LocalRegistry.Operator.Api;

/// <summary>One of the resource's conditions, after Kubernetes' <c>metav1.Condition</c>.</summary>
public sealed record Condition
{
    /// <summary>What it is about: one of <see cref="ConditionTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it holds.</summary>
    public required ConditionStatus Status { get; init; }

    /// <summary>Why, as one CamelCase word: one of <see cref="Reasons"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>Why, for people, and what to change.</summary>
    public required string Message { get; init; }

    /// <summary>When <see cref="Status"/> last changed; a new reason or message leaves it as it is.</summary>
    public DateTime LastTransitionTime { get; init; }

    /// <summary>The generation of the resource that this was said about.</summary>
    public long ObservedGeneration { get; init; }
}
