namespace LocalRegistry.Operator.Api;

/// <summary>What the bucket's default encryption must be (<c>spec.validation.encryption</c>).</summary>
public sealed record EncryptionSpec
{
    /// <summary><c>AES256</c>, <c>aws:kms</c> or <c>aws:kms:dsse</c>; null takes any.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The KMS key: id, ARN or alias; null takes any.</summary>
    public string? KeyId { get; init; }

    /// <summary>Whether the bucket must use a bucket key, which saves most calls to KMS; null takes either.</summary>
    public bool? BucketKey { get; init; }
}
