using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>Reads a bucket's settings with the operator's own identity, by calls that change nothing.</summary>
internal interface IBucketReader
{
    /// <param name="driver">The bucket, and how the registry writes to it.</param>
    /// <param name="expectedOwner">The account that is expected to own it; null for none in particular.</param>
    /// <param name="cancel">Gives up.</param>
    Task<BucketFacts> ReadAsync(S3Driver driver, string? expectedOwner, CancellationToken cancel);
}
