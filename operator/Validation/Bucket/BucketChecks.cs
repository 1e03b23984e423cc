using LocalRegistry.Operator.Aws.Bucket;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>The checks of a bucket, in the order in which they are told.</summary>
internal static class BucketChecks
{
    public static IReadOnlyList<ICheck<BucketFacts>> All { get; } =
    [
        new LocationCheck(),
        new OwnerCheck(),
        new EncryptionCheck(),
        new KmsKeyCheck(),
        new UploadPolicyCheck(),
        new TlsPolicyCheck(),
        new PublicPolicyCheck(),
        new PublicAccessBlockCheck(),
        new OwnershipCheck(),
        new ExpirationCheck(),
        new AbandonedUploadsCheck(),
        new VersioningCheck(),
    ];
}
