namespace LocalRegistry.Operator.Aws;

/// <summary>A bucket's default encryption.</summary>
/// <param name="Algorithm"><c>AES256</c>, <c>aws:kms</c> or <c>aws:kms:dsse</c>.</param>
/// <param name="KeyId">The KMS key as the bucket names it: id, ARN or alias; null means the key that AWS manages for S3.</param>
internal sealed record BucketEncryption(string Algorithm, string? KeyId);
