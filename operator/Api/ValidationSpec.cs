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

    /// <summary>The account that must own the bucket, twelve digits; null asks for none in particular.</summary>
    public string? ExpectedBucketOwner { get; init; }

    /// <summary>What the bucket's default encryption must be beyond what <c>encrypt</c> and <c>keyid</c> say; null asks for nothing more.</summary>
    public EncryptionSpec? Encryption { get; init; }

    /// <summary>The severity of checks by name, where it is not the check's own default.</summary>
    public IReadOnlyDictionary<string, Severity>? Checks { get; init; }
}
