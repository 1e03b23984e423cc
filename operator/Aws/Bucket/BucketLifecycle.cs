namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>A bucket's lifecycle.</summary>
/// <param name="Rules">The rules that are enabled.</param>
internal sealed record BucketLifecycle(IReadOnlyList<BucketLifecycleRule> Rules);
