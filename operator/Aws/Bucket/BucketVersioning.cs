namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>Whether a bucket keeps what is overwritten or deleted.</summary>
/// <param name="Status"><c>Off</c>, <c>Enabled</c> or <c>Suspended</c>.</param>
internal sealed record BucketVersioning(string Status)
{
    public bool IsEnabled => Status == "Enabled";
}
