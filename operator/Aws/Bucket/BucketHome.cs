namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>Where a bucket is.</summary>
/// <param name="Region">Its region, as the store names it; stores other than AWS have names of their own.</param>
internal sealed record BucketHome(string Region);
