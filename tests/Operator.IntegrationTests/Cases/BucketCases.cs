using Amazon.S3;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Check;
using static LocalRegistry.Operator.IntegrationTests.Cases.BucketSetUp;

namespace LocalRegistry.Operator.IntegrationTests.Cases;

/// <summary>The cases of buckets.</summary>
internal static class BucketCases
{
    private const string NoHeader = """{"Null":{"s3:x-amz-server-side-encryption":"true"}}""";
    private const string OtherThanS3Keys = """{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"}}""";
    private const string OtherThanS3KeysIfAny = """{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"},"Null":{"s3:x-amz-server-side-encryption":"false"}}""";
    private const string Plaintext = """{"Bool":{"aws:SecureTransport":"false"}}""";
    private const string Key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
    private const string OtherKey = "arn:aws:kms:us-east-1:123456789012:key/99999999-2222-3333-4444-555555555555";

    public static IReadOnlyList<BucketCase> All { get; } =
    [
        new("bucket", "A bucket that is there", CheckOutcome.Passed, Reasons.BucketFound),
        new("bucket", "No bucket of that name", CheckOutcome.Failed, Reasons.BucketNotFound) { SetUp = null },
        new("bucket", "A bucket in another region", CheckOutcome.Failed, Reasons.WrongRegion) { OnAws = true, Driver = "encrypt: true, region: us-west-2" },
        new("bucket", "The operator has the wrong secret key, at a store that does not say so", CheckOutcome.Unknown, Reasons.CheckNotPermitted) { Operator = ("AKIAADMIN", "wrong") },
        new("bucket", "Nothing listens at the endpoint", CheckOutcome.Unknown, Reasons.StoreUnreachable) { Endpoint = () => new Uri("http://127.0.0.1:1") },

        new("owner", "No account is expected", CheckOutcome.Skipped, Reasons.NotRequired),
        new("owner", "The bucket belongs to the account that is expected", CheckOutcome.Passed, Reasons.OwnerVerified) { OnAws = true, Validation = Owner("123456789012") },
        new("owner", "The bucket belongs to another account", CheckOutcome.Failed, Reasons.OwnerMismatch) { Validation = Owner("111122223333") },

        new("encryption", "AES256, and writes with AES256", CheckOutcome.Passed, Reasons.EncryptionVerified) { SetUp = Encryption("AES256") },
        new("encryption", "AES256, and writes that name nothing", CheckOutcome.Passed, Reasons.EncryptionVerified) { SetUp = Encryption("AES256"), Driver = "encrypt: false" },
        new("encryption", "No default encryption", CheckOutcome.Failed, Reasons.NotEncrypted),
        new("encryption", "aws:kms, and writes with AES256", CheckOutcome.Failed, Reasons.AlgorithmMismatch) { SetUp = Encryption("aws:kms", Key) },
        new("encryption", "aws:kms:dsse, and writes with AES256", CheckOutcome.Failed, Reasons.AlgorithmMismatch) { OnAws = true, SetUp = Encryption("aws:kms:dsse", Key) },
        new("encryption", "aws:kms, and writes with the same key", CheckOutcome.Passed, Reasons.EncryptionVerified) { SetUp = Encryption("aws:kms", Key), Driver = $"encrypt: true, keyid: '{Key}'" },
        new("encryption", "aws:kms, and writes with another key", CheckOutcome.Failed, Reasons.KeyMismatch) { SetUp = Encryption("aws:kms", OtherKey), Driver = $"encrypt: true, keyid: '{Key}'" },
        new("encryption", "aws:kms by alias, and writes with a key by id", CheckOutcome.Unknown, Reasons.KeyNotComparable)
        {
            SetUp = Encryption("aws:kms", "alias/unknown"), Driver = $"encrypt: true, keyid: '{Key}'",
        },
        new("encryption", "AES256, and the resource requires aws:kms", CheckOutcome.Failed, Reasons.EncryptionNotAsRequired)
        {
            SetUp = Encryption("AES256"), Driver = "encrypt: false", Validation = new ValidationSpec { Encryption = new EncryptionSpec { Algorithm = "aws:kms" } },
        },
        new("encryption", "aws:kms without a bucket key, and the resource requires one", CheckOutcome.Failed, Reasons.EncryptionNotAsRequired)
        {
            OnAws = true,
            SetUp = Encryption("aws:kms", Key),
            Driver = "encrypt: false",
            Validation = new ValidationSpec { Encryption = new EncryptionSpec { BucketKey = true } },
        },
        new("encryption", "aws:kms with a bucket key, as the resource requires", CheckOutcome.Passed, Reasons.EncryptionVerified)
        {
            OnAws = true,
            SetUp = Encryption("aws:kms", Key, bucketKey: true),
            Driver = "encrypt: false",
            Validation = new ValidationSpec { Encryption = new EncryptionSpec { Algorithm = "aws:kms", KeyId = Key, BucketKey = true } },
        },

        new("uploadPolicy", "No policy", CheckOutcome.Failed, Reasons.UnencryptedUploadsAllowed),
        new("uploadPolicy", "A policy that denies uploads that name no encryption", CheckOutcome.Passed, Reasons.UploadsMustEncrypt) { SetUp = Policy(Deny("s3:PutObject", NoHeader)) },
        new("uploadPolicy", "A policy that denies uploads with another encryption, no default encryption, a store that lets those that name none through", CheckOutcome.Failed, Reasons.UnencryptedUploadsAllowed)
        {
            SetUp = Policy(Deny("s3:PutObject", OtherThanS3Keys)),
        },
        new("uploadPolicy", "The policy of the ConfigMap for such a store, and a default encryption", CheckOutcome.Passed, Reasons.UploadsMustEncrypt)
        {
            SetUp = Both(Encryption("AES256"), Policy(Deny("s3:PutObject", OtherThanS3KeysIfAny))),
        },
        new("uploadPolicy", "A policy that denies uploads with another encryption, on AWS", CheckOutcome.Passed, Reasons.UploadsMustEncrypt)
        {
            OnAws = true, SetUp = Policy(Deny("s3:PutObject", OtherThanS3Keys)),
        },
        new("uploadPolicy", "A policy that denies plain text only", CheckOutcome.Failed, Reasons.UnencryptedUploadsAllowed) { SetUp = Policy(Deny("s3:*", Plaintext)) },
        new("uploadPolicy", "A policy that requires encryption, and writes that name none", CheckOutcome.Failed, Reasons.UploadsRefused)
        {
            SetUp = Policy(Deny("s3:PutObject", NoHeader)), Driver = "encrypt: false",
        },
        new("uploadPolicy", "A policy that requires AES256, and writes with a KMS key", CheckOutcome.Failed, Reasons.UploadsRefused)
        {
            SetUp = Policy(Deny("s3:PutObject", OtherThanS3Keys)), Driver = $"encrypt: true, keyid: '{Key}'",
        },

        new("tlsPolicy", "The configuration speaks plain text", CheckOutcome.Skipped, Reasons.NotRequired) { Driver = "secure: false" },
        new("tlsPolicy", "No policy", CheckOutcome.Failed, Reasons.PlaintextAllowed) { OnAws = true },
        new("tlsPolicy", "A policy about something else", CheckOutcome.Failed, Reasons.PlaintextAllowed) { OnAws = true, SetUp = Policy(Deny("s3:PutObject", NoHeader)) },
        new("tlsPolicy", "A policy that denies plain text", CheckOutcome.Passed, Reasons.TlsRequired) { OnAws = true, SetUp = Policy(Deny("s3:*", Plaintext)) },

        new("publicPolicy", "No policy", CheckOutcome.Passed, Reasons.NotPublic),
        new("publicPolicy", "A policy that lets everybody read", CheckOutcome.Failed, Reasons.PolicyIsPublic)
        {
            SetUp = Policy("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}"""),
        },
        new("publicAccessBlock", "Not set", CheckOutcome.Failed, Reasons.PublicAccessNotBlocked),
        new("publicAccessBlock", "Set for lists, not for policies", CheckOutcome.Failed, Reasons.PublicAccessNotBlocked) { SetUp = Block(acls: true, policies: false) },
        new("publicAccessBlock", "Set whole", CheckOutcome.Passed, Reasons.PublicAccessBlocked) { SetUp = Block(acls: true, policies: true) },

        new("ownership", "Access control lists are off", CheckOutcome.Passed, Reasons.AclsOff) { OnAws = true, SetUp = Ownership("BucketOwnerEnforced") },
        new("ownership", "Access control lists are on", CheckOutcome.Failed, Reasons.AclsOn) { OnAws = true, SetUp = Ownership("ObjectWriter") },
        new("ownership", "Not set, at a store that may know no such setting", CheckOutcome.Skipped, Reasons.NotSupportedByStore),
        new("ownership", "Not set, on AWS", CheckOutcome.Failed, Reasons.AclsOn) { OnAws = true },

        new("expiration", "No lifecycle", CheckOutcome.Passed, Reasons.ImagesKept),
        new("expiration", "A rule that deletes everything after 30 days", CheckOutcome.Failed, Reasons.ImagesExpire) { SetUp = Lifecycle(Expire("")) },
        new("expiration", "The same, disabled", CheckOutcome.Passed, Reasons.ImagesKept) { SetUp = Lifecycle(Disabled(Expire(""))) },
        new("expiration", "A rule that deletes what is elsewhere", CheckOutcome.Passed, Reasons.ImagesKept) { SetUp = Lifecycle(Expire("logs/")) },
        new("expiration", "A rule that deletes what is tagged", CheckOutcome.Passed, Reasons.ImagesKept) { SetUp = Lifecycle(ExpireTagged()) },
        new("expiration", "A rule that moves everything to GLACIER", CheckOutcome.Failed, Reasons.ImagesFreeze) { OnAws = true, SetUp = Lifecycle(Freeze()) },
        new("abandonedUploads", "No lifecycle", CheckOutcome.Failed, Reasons.AbandonedUploadsKept),
        new("abandonedUploads", "A lifecycle about something else", CheckOutcome.Failed, Reasons.AbandonedUploadsKept) { SetUp = Lifecycle(Expire("logs/")) },
        new("abandonedUploads", "A rule that aborts them after a day", CheckOutcome.Passed, Reasons.AbandonedUploadsAborted) { SetUp = Lifecycle(AbortUploads("")) },
        new("abandonedUploads", "A rule that aborts those elsewhere", CheckOutcome.Failed, Reasons.AbandonedUploadsKept) { SetUp = Lifecycle(AbortUploads("logs/")) },

        new("versioning", "Off", CheckOutcome.Passed, Reasons.VersionsNotKept),
        new("versioning", "Suspended", CheckOutcome.Passed, Reasons.VersionsNotKept) { SetUp = Versioning(VersionStatus.Suspended) },
        new("versioning", "On, and nothing deletes old versions", CheckOutcome.Failed, Reasons.VersionsKept) { SetUp = Versioning(VersionStatus.Enabled) },
        new("versioning", "On, and a rule deletes old versions", CheckOutcome.Passed, Reasons.VersionsExpire)
        {
            SetUp = Both(Versioning(VersionStatus.Enabled), Lifecycle(ExpireNoncurrent())),
        },
    ];

    private static ValidationSpec Owner(string account) => new() { ExpectedBucketOwner = account };
}
