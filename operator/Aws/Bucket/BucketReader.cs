using Amazon.Runtime;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>Asks S3 and KMS, or stores that speak like them.</summary>
/// <param name="credentialsOf">Finds the credentials to ask with.</param>
/// <param name="time">The clock.</param>
internal sealed class BucketReader(Func<CancellationToken, Task<AWSCredentials>> credentialsOf, TimeProvider time) : IBucketReader
{
    // Bounds how long a store that swallows packets can hold up a reconciliation.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public BucketReader(Func<CancellationToken, Task<AWSCredentials>> credentialsOf)
        : this(credentialsOf, TimeProvider.System)
    {
    }

    public async Task<BucketFacts> ReadAsync(S3Driver driver, string? expectedOwner, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(Deadline, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        AWSCredentials credentials;
        try
        {
            credentials = await credentialsOf(deadline.Token);
        }
        catch (Exception e) when (AwsFailures.IsAnswer(e, cancel))
        {
            AwsFailure failure = AwsFailures.Of(e, "", "");
            return new BucketFacts { Home = AwsAnswer<BucketHome>.Failed(new AwsFailure(AwsFailureKind.NoCredentials, failure.Message)) };
        }

        using var s3 = new BucketCalls(credentials, driver, deadline.Token, cancel);
        AwsAnswer<BucketHome> home = await s3.HomeAsync(null);
        if (home.Failure is { Kind: not AwsFailureKind.Denied and not AwsFailureKind.Unsupported })
        {
            return new BucketFacts { Home = home };
        }

        // One after the other: a check is no reason for a burst of calls.
        var facts = new BucketFacts
        {
            Home = home,
            HomeOfOwner = expectedOwner is null ? null : await s3.HomeAsync(expectedOwner),
            Encryption = await s3.EncryptionAsync(),
            Policy = await s3.PolicyAsync(),
            Exposure = await s3.ExposureAsync(),
            PublicAccessBlock = await s3.PublicAccessBlockAsync(),
            Ownership = await s3.OwnershipAsync(),
            Lifecycle = await s3.LifecycleAsync(),
            Versioning = await s3.VersioningAsync(),
        };
        return await WithKeysAsync(facts, driver, credentials, deadline.Token, cancel);
    }

    private static async Task<BucketFacts> WithKeysAsync(
        BucketFacts facts, S3Driver driver, AWSCredentials credentials, CancellationToken deadline, CancellationToken cancel)
    {
        string? byDefault = facts.Encryption?.Value is { UsesKms: true } encryption ? encryption.KeyId : null;
        string? written = driver.KeyId ?? byDefault;
        if (written is null)
        {
            return facts;
        }

        using var kms = new KmsCalls(credentials, AwsClients.Kms(driver), deadline, cancel);
        return facts with
        {
            WrittenKey = await kms.DescribeAsync(written, ResourceOf(written, driver)),
            DefaultKey = byDefault is null || byDefault == written ? null : await kms.DescribeAsync(byDefault, ResourceOf(byDefault, driver)),
        };
    }

    // A policy names keys by their ARN. An alias in it means the alias itself.
    private static string ResourceOf(string key, S3Driver driver) => KmsKeyName.Parse(key) switch
    {
        { IsAlias: true } => $"the key behind {key}",
        { Region: not null } => key,
        { Resource: var resource } => $"arn:{BucketArn.PartitionOf(driver.Region)}:kms:{driver.Region}:*:{resource}",
    };
}
