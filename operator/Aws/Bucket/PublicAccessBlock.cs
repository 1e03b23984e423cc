namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>The four settings that keep a bucket from becoming public by mistake.</summary>
internal sealed record PublicAccessBlock(bool BlockPublicAcls, bool IgnorePublicAcls, bool BlockPublicPolicy, bool RestrictPublicBuckets)
{
    /// <summary>The settings that are off, by their names in S3.</summary>
    public IEnumerable<string> Open()
    {
        if (!BlockPublicAcls)
        {
            yield return nameof(BlockPublicAcls);
        }

        if (!IgnorePublicAcls)
        {
            yield return nameof(IgnorePublicAcls);
        }

        if (!BlockPublicPolicy)
        {
            yield return nameof(BlockPublicPolicy);
        }

        if (!RestrictPublicBuckets)
        {
            yield return nameof(RestrictPublicBuckets);
        }
    }
}
