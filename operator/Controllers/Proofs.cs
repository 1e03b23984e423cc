using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Bucket;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Controllers;

/// <summary>What the checks of bucket and access gave.</summary>
internal sealed record Proofs
{
    /// <summary>Nothing was asked, because the configuration is not valid.</summary>
    public static Proofs None { get; } = new();

    /// <summary>What every check found that is not off, in the order in which they are told; null if nothing was asked.</summary>
    public IReadOnlyList<Finding>? Findings { get; init; }

    /// <summary>The bucket's driver; null if nothing was asked.</summary>
    public S3Driver? Driver { get; init; }

    /// <summary>The bucket; null if it was not asked about.</summary>
    public BucketAnswer? Bucket { get; init; }

    /// <summary>The registry's real calls; null if they are off.</summary>
    public PreflightAnswer? Preflight { get; init; }

    /// <summary>When the oldest of the answers was given; null while one is missing.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>When the next of them is due; null if none is.</summary>
    public DateTimeOffset? Due { get; init; }
}
