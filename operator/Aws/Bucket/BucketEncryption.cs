namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>A bucket's default encryption.</summary>
/// <param name="Algorithm"><c>AES256</c>, <c>aws:kms</c> or <c>aws:kms:dsse</c>.</param>
/// <param name="KeyId">The KMS key as the bucket names it: id, ARN or alias; null means the key that AWS manages for S3.</param>
/// <param name="BucketKey">Whether a bucket key saves calls to KMS.</param>
internal sealed record BucketEncryption(string Algorithm, string? KeyId, bool BucketKey = false)
{
    public const string SseS3 = "AES256";
    public const string SseKms = "aws:kms";
    public const string Dsse = "aws:kms:dsse";

    /// <summary>Whether a KMS key encrypts.</summary>
    public bool UsesKms => Algorithm.StartsWith(SseKms, StringComparison.Ordinal);
}
