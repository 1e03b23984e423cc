using Amazon.S3;
using Amazon.S3.Model;

namespace LocalRegistry.Operator.IntegrationTests.Cases;

/// <summary>Sets buckets up, well and badly.</summary>
internal static class BucketSetUp
{
    public static Func<IAmazonS3, string, CancellationToken, Task> Encryption(string algorithm, string? key = null, bool bucketKey = false) => (s3, bucket, cancel) =>
        s3.PutBucketEncryptionAsync(new PutBucketEncryptionRequest
        {
            BucketName = bucket,
            ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
            {
                ServerSideEncryptionRules =
                [
                    new ServerSideEncryptionRule
                    {
                        ServerSideEncryptionByDefault = new ServerSideEncryptionByDefault
                        {
                            ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.FindValue(algorithm),
                            ServerSideEncryptionKeyManagementServiceKeyId = key,
                        },
                        BucketKeyEnabled = bucketKey ? true : null,
                    },
                ],
            },
        }, cancel);

    /// <summary>A policy with one statement; BUCKET in it is the bucket's name.</summary>
    public static Func<IAmazonS3, string, CancellationToken, Task> Policy(string statement) => (s3, bucket, cancel) => s3.PutBucketPolicyAsync(
        new PutBucketPolicyRequest
        {
            BucketName = bucket,
            Policy = $$"""{"Version":"2012-10-17","Statement":[{{statement.Replace("BUCKET", bucket, StringComparison.Ordinal)}}]}""",
        },
        cancel);

    public static string Deny(string action, string condition) =>
        $$"""{"Sid":"Deny","Effect":"Deny","Principal":"*","Action":"{{action}}","Resource":"arn:aws:s3:::BUCKET/*","Condition":{{condition}}}""";

    public static Func<IAmazonS3, string, CancellationToken, Task> Block(bool acls, bool policies) => (s3, bucket, cancel) => s3.PutPublicAccessBlockAsync(
        new PutPublicAccessBlockRequest
        {
            BucketName = bucket,
            PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration
            {
                BlockPublicAcls = acls,
                IgnorePublicAcls = acls,
                BlockPublicPolicy = policies,
                RestrictPublicBuckets = policies,
            },
        },
        cancel);

    public static Func<IAmazonS3, string, CancellationToken, Task> Ownership(string setting) => (s3, bucket, cancel) => s3.PutBucketOwnershipControlsAsync(
        new PutBucketOwnershipControlsRequest
        {
            BucketName = bucket,
            OwnershipControls = new OwnershipControls { Rules = [new OwnershipControlsRule { ObjectOwnership = setting }] },
        },
        cancel);

    public static Func<IAmazonS3, string, CancellationToken, Task> Lifecycle(params LifecycleRule[] rules) => (s3, bucket, cancel) => s3.PutLifecycleConfigurationAsync(
        new PutLifecycleConfigurationRequest { BucketName = bucket, Configuration = new LifecycleConfiguration { Rules = [.. rules] } }, cancel);

    public static LifecycleRule Expire(string prefix) => Rule("expire", prefix, r => r.Expiration = new LifecycleRuleExpiration { Days = 30 });

    public static LifecycleRule ExpireTagged() => new()
    {
        Id = "expire-tagged",
        Status = LifecycleRuleStatus.Enabled,
        Filter = new LifecycleFilter { Tag = new Tag { Key = "temporary", Value = "yes" } },
        Expiration = new LifecycleRuleExpiration { Days = 30 },
    };

    public static LifecycleRule Disabled(LifecycleRule rule)
    {
        rule.Status = LifecycleRuleStatus.Disabled;
        return rule;
    }

    public static LifecycleRule Freeze() =>
        Rule("freeze", "", r => r.Transitions = [new LifecycleTransition { Days = 90, StorageClass = S3StorageClass.Glacier }]);

    public static LifecycleRule AbortUploads(string prefix) => Rule(
        "abort", prefix, r => r.AbortIncompleteMultipartUpload = new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = 1 });

    public static LifecycleRule ExpireNoncurrent() => Rule(
        "noncurrent", "", r => r.NoncurrentVersionExpiration = new LifecycleRuleNoncurrentVersionExpiration { NoncurrentDays = 7 });

    public static Func<IAmazonS3, string, CancellationToken, Task> Versioning(VersionStatus status) => (s3, bucket, cancel) => s3.PutBucketVersioningAsync(
        new PutBucketVersioningRequest { BucketName = bucket, VersioningConfig = new S3BucketVersioningConfig { Status = status } }, cancel);

    public static Func<IAmazonS3, string, CancellationToken, Task> Both(
        Func<IAmazonS3, string, CancellationToken, Task> one, Func<IAmazonS3, string, CancellationToken, Task> other) => async (s3, bucket, cancel) =>
        {
            await one(s3, bucket, cancel);
            await other(s3, bucket, cancel);
        };

    private static LifecycleRule Rule(string id, string prefix, Action<LifecycleRule> what)
    {
        var rule = new LifecycleRule { Id = id, Status = LifecycleRuleStatus.Enabled, Filter = new LifecycleFilter { Prefix = prefix } };
        what(rule);
        return rule;
    }
}
