using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Aws;

/// <summary>Asks about a bucket with the operator's own identity, by calls that change nothing.</summary>
internal interface IBucketInspector
{
    /// <summary>Reads the bucket's default encryption (<c>s3:GetEncryptionConfiguration</c>).</summary>
    Task<BucketState> ReadEncryptionAsync(S3Driver driver, CancellationToken cancel);
}
