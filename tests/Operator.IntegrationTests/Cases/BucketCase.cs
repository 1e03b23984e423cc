using Amazon.S3;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.IntegrationTests.Cases;

/// <summary>A bucket as somebody may have set it up, and what its owner is told.</summary>
/// <param name="Check">The check that is about it.</param>
/// <param name="Given">What is set up, in a few words.</param>
/// <param name="Outcome">How the check ends.</param>
/// <param name="Reason">The reason that it gives.</param>
internal sealed record BucketCase(string Check, string Given, CheckOutcome Outcome, string Reason)
{
    /// <summary>Whether AWS's control plane is asked (moto), rather than a store that enforces (radosgw).</summary>
    public bool OnAws { get; init; }

    /// <summary>What is done to a new bucket before it is checked; null leaves none.</summary>
    public Func<IAmazonS3, string, CancellationToken, Task>? SetUp { get; init; } = (_, _, _) => Task.CompletedTask;

    /// <summary>What the configuration says beyond the bucket.</summary>
    public string Driver { get; init; } = "encrypt: true";

    /// <summary>What the resource says of its validation.</summary>
    public ValidationSpec Validation { get; init; } = new();

    /// <summary>Where the configuration says that the store is, if it is neither of the two.</summary>
    public Func<Uri>? Endpoint { get; init; }

    /// <summary>The operator's access key and secret; null for those of somebody who may do everything.</summary>
    public (string AccessKey, string SecretKey)? Operator { get; init; }

    public override string ToString() => $"{Check}: {Given}";
}
