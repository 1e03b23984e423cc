namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>One enabled rule of a bucket's lifecycle.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Prefix">The keys that it is about; empty for all.</param>
/// <param name="OnlyTagged">Whether it is about tagged objects only. No registry tags any.</param>
/// <param name="Expires">Whether it deletes current objects after a while.</param>
/// <param name="FreezesTo">The storage class that has to be restored from before it can be read, if it moves objects to one; null otherwise.</param>
/// <param name="AbortsUploadsAfterDays">After how many days it aborts multipart uploads that nobody completed; null if it does not.</param>
/// <param name="ExpiresNoncurrent">Whether it deletes versions that are no longer current.</param>
internal sealed record BucketLifecycleRule(
    string Id, string Prefix, bool OnlyTagged, bool Expires, string? FreezesTo, int? AbortsUploadsAfterDays, bool ExpiresNoncurrent)
{
    /// <summary>Whether it is about any key that begins with this prefix.</summary>
    public bool Touches(string prefix) =>
        !OnlyTagged && (Prefix.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>Whether it is about every key that begins with this prefix.</summary>
    public bool Covers(string prefix) => !OnlyTagged && prefix.StartsWith(Prefix, StringComparison.Ordinal);
}
