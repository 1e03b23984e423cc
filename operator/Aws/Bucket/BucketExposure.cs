namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>What S3 makes of a bucket's policy.</summary>
/// <param name="IsPublic">Whether it lets anybody in.</param>
internal sealed record BucketExposure(bool IsPublic);
