namespace LocalRegistry.Operator.Api;

/// <summary>How bucket and access are proven (<c>spec.validation</c>).</summary>
public sealed record ValidationSpec
{
    /// <summary>How often the checks are repeated, if the resource does not say.</summary>
    public const string DefaultInterval = "10m";

    /// <summary>What a failed check does.</summary>
    public ValidationMode Mode { get; init; } = ValidationMode.Enforce;

    /// <summary>How often the checks are repeated, as Go writes durations: <c>10m</c>, <c>1h30m</c>.</summary>
    public string Interval { get; init; } = DefaultInterval;
}
