using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>Everything about a bucket that checks ask for. What is null was not read, because there is no getting at the bucket, or no need.</summary>
internal sealed record BucketFacts
{
    /// <summary>Where the bucket is (<c>s3:GetBucketLocation</c>).</summary>
    public required AwsAnswer<BucketHome> Home { get; init; }

    /// <summary>The same, asked of the account that is expected to own it.</summary>
    public AwsAnswer<BucketHome>? HomeOfOwner { get; init; }

    /// <summary>Its default encryption (<c>s3:GetEncryptionConfiguration</c>).</summary>
    public AwsAnswer<BucketEncryption>? Encryption { get; init; }

    /// <summary>The KMS key that the registry names on its writes (<c>kms:DescribeKey</c>).</summary>
    public AwsAnswer<KmsKeyState>? WrittenKey { get; init; }

    /// <summary>The KMS key of the default encryption, where that is another name.</summary>
    public AwsAnswer<KmsKeyState>? DefaultKey { get; init; }

    /// <summary>
    /// The ARN of the key that the registry's identity needs rights to; null if it is not known, or nobody needs any. Where KMS does not tell,
    /// the bucket may name it.
    /// </summary>
    public string? KeyArn => WrittenKey?.Value is { } written
        ? written.IsManagedByAws ? null : written.Arn
        : Encryption?.Value?.KeyId is { } named && KmsKeyName.Parse(named) is { Region: not null, IsAlias: false } ? named : null;

    /// <summary>Its policy (<c>s3:GetBucketPolicy</c>).</summary>
    public AwsAnswer<BucketPolicy>? Policy { get; init; }

    /// <summary>Whether that is public (<c>s3:GetBucketPolicyStatus</c>).</summary>
    public AwsAnswer<BucketExposure>? Exposure { get; init; }

    /// <summary>What keeps it from becoming public (<c>s3:GetBucketPublicAccessBlock</c>).</summary>
    public AwsAnswer<PublicAccessBlock>? PublicAccessBlock { get; init; }

    /// <summary>Who owns its objects (<c>s3:GetBucketOwnershipControls</c>).</summary>
    public AwsAnswer<ObjectOwnership>? Ownership { get; init; }

    /// <summary>Its lifecycle (<c>s3:GetLifecycleConfiguration</c>).</summary>
    public AwsAnswer<BucketLifecycle>? Lifecycle { get; init; }

    /// <summary>Whether it keeps versions (<c>s3:GetBucketVersioning</c>).</summary>
    public AwsAnswer<BucketVersioning>? Versioning { get; init; }
}
