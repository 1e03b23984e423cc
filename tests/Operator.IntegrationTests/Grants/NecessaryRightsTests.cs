using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Grants;

/// <summary>The generated policies hold enough and not too much: with each, everything works, and without any one action of it, something does not.</summary>
public sealed class NecessaryRightsTests(AwsFixture aws)
{
    // For purging, which a registry does without.
    private const string Optional = "s3:ListBucketMultipartUploads";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(GrantDocuments.Consumer, true)]
    [InlineData(GrantDocuments.Publisher, false)]
    public async Task Registry_check_passes_under_a_policy_and_names_each_action_that_is_taken_out_of_it(string name, bool readOnly)
    {
        using GrantedBucket bucket = await GrantedBucket.CreateAsync(aws.S3, encrypted: true);
        await bucket.Owner.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = bucket.Key("blobs/sha256/00/00/data"), ContentBody = "x" }, Cancel);
        PolicyDocument policy = bucket.Policy(name);
        string[] actions = [.. policy.Statements.SelectMany(s => s.Actions)];
        IReadOnlyList<(string AccessKey, string SecretKey)> users = await bucket.CreateUsersAsync([policy, .. actions.Select(a => Without(policy, a))]);

        Assert.Empty(await FailedActionsAsync(bucket, users[0], readOnly));
        foreach ((string action, (string AccessKey, string SecretKey) user) in actions.Zip(users.Skip(1)))
        {
            string?[] failed = await FailedActionsAsync(bucket, user, readOnly);
            if (action == Optional)
            {
                Assert.Empty(failed);
            }
            else
            {
                Assert.Contains(action, failed);
            }
        }
    }

    [Fact]
    public async Task Operators_policy_lets_it_read_every_setting_and_no_object()
    {
        using GrantedBucket bucket = await CreateWithPolicyAsync();
        await bucket.Owner.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = bucket.Key("x"), ContentBody = "x" }, Cancel);
        (string AccessKey, string SecretKey) user = await bucket.CreateUserAsync(bucket.Policy(GrantDocuments.Operator));

        Assert.Empty(await DeniedReadsAsync(bucket, user));

        using AmazonS3Client client = bucket.ClientOf(user);
        await GrantedBucket.AssertDeniedAsync(client.GetObjectAsync(bucket.Name, bucket.Key("x"), Cancel));
        await GrantedBucket.AssertDeniedAsync(client.GetObjectMetadataAsync(bucket.Name, bucket.Key("x"), Cancel));
        await GrantedBucket.AssertDeniedAsync(client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket.Name }, Cancel));
        await GrantedBucket.AssertDeniedAsync(client.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = bucket.Key("x"), ContentBody = "y" }, Cancel));
        await GrantedBucket.AssertDeniedAsync(client.DeleteObjectAsync(bucket.Name, bucket.Key("x"), Cancel));
        await GrantedBucket.AssertDeniedAsync(client.DeleteBucketPolicyAsync(bucket.Name, Cancel));
        await GrantedBucket.AssertDeniedAsync(S3Server.EncryptByDefaultAsync(client, bucket.Name, Cancel));
    }

    [Fact]
    public async Task Operators_policy_without_an_action_denies_what_that_action_reads()
    {
        using GrantedBucket bucket = await CreateWithPolicyAsync();
        PolicyDocument policy = bucket.Policy(GrantDocuments.Operator);
        string[] enforced = [.. policy.Statements.SelectMany(s => s.Actions).Where(a => a != "s3:GetBucketOwnershipControls")];
        IReadOnlyList<(string AccessKey, string SecretKey)> users = await bucket.CreateUsersAsync(enforced.Select(a => Without(policy, a)));

        foreach ((string action, (string AccessKey, string SecretKey) user) in enforced.Zip(users))
        {
            Assert.Equal([action], await DeniedReadsAsync(bucket, user));
        }
    }

    private async Task<GrantedBucket> CreateWithPolicyAsync()
    {
        GrantedBucket bucket = await GrantedBucket.CreateAsync(aws.S3, encrypted: true);
        await bucket.Owner.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = bucket.Name, Policy = $"{bucket.Policy(GrantDocuments.Bucket)}" }, Cancel);
        return bucket;
    }

    private static PolicyDocument Without(PolicyDocument policy, string action) => new([.. policy.Statements
        .Select(s => s with { Actions = [.. s.Actions.Where(a => a != action)] })
        .Where(s => s.Actions.Count > 0)]);

    private static async Task<string?[]> FailedActionsAsync(GrantedBucket bucket, (string AccessKey, string SecretKey) user, bool readOnly)
    {
        CheckReport report = await bucket.CheckAsync(user, readOnly);
        return [.. report.Checks.Where(c => c.Outcome is CheckOutcome.Failed).Select(c => c.Action)];
    }

    // The operator's own calls, but for the one of object ownership, which this server answers to nobody.
    private static async Task<string?[]> DeniedReadsAsync(GrantedBucket bucket, (string AccessKey, string SecretKey) user)
    {
        using var calls = new BucketCalls(new BasicAWSCredentials(user.AccessKey, user.SecretKey), bucket.Driver, Cancel, Cancel);
        AwsFailure?[] failures =
        [
            (await calls.HomeAsync(null)).Failure,
            (await calls.EncryptionAsync()).Failure,
            (await calls.PolicyAsync()).Failure,
            (await calls.ExposureAsync()).Failure,
            (await calls.PublicAccessBlockAsync()).Failure,
            (await calls.LifecycleAsync()).Failure,
            (await calls.VersioningAsync()).Failure,
        ];
        // Some of the settings have not been made.
        Assert.All(failures, f => Assert.True(f is null or { Kind: AwsFailureKind.Denied or AwsFailureKind.Absent }, f?.ToString()));
        return [.. failures.Where(f => f?.Kind == AwsFailureKind.Denied).Select(f => f!.Permission)];
    }
}
