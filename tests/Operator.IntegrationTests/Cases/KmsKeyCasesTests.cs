using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Bucket;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Cases;

/// <summary>What is said of the key that a bucket's content is encrypted with.</summary>
public sealed class KmsKeyCasesTests(AwsFixture aws)
{
    private const string Area = "Keys";
    private const string ShownKey = "11111111-2222-3333-4444-555555555555";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Key_that_is_enabled_passes() => RecordAsync("The key is enabled", CheckOutcome.Passed, Reasons.KeyUsable, (_, _) => Task.CompletedTask);

    [Fact]
    public Task Key_that_is_disabled_fails() =>
        RecordAsync("The key is disabled", CheckOutcome.Failed, Reasons.KeyDisabled, (kms, key) => kms.DisableKeyAsync(key, Token));

    [Fact]
    public Task Key_that_is_about_to_be_deleted_fails() => RecordAsync(
        "The key is about to be deleted",
        CheckOutcome.Failed,
        Reasons.KeyPendingDeletion,
        (kms, key) => kms.ScheduleKeyDeletionAsync(new ScheduleKeyDeletionRequest { KeyId = key, PendingWindowInDays = 7 }, Token));

    [Fact]
    public Task Key_that_is_asymmetric_fails() => RecordAsync(
        "The key is asymmetric", CheckOutcome.Failed, Reasons.KeyUnsuitable, (_, _) => Task.CompletedTask, KeySpec.RSA_2048);

    [Fact]
    public async Task Key_that_does_not_exist_fails() =>
        Record("No such key", CheckOutcome.Failed, Reasons.KeyNotFound, await JudgeAsync($"arn:aws:kms:us-east-1:123456789012:key/{ShownKey}", "us-east-1"), ShownKey);

    [Fact]
    public async Task Key_of_another_region_fails()
    {
        using AmazonKeyManagementServiceClient kms = Client();
        string arn = (await kms.CreateKeyAsync(new CreateKeyRequest(), Token)).KeyMetadata.Arn;

        Record("The key is in another region", CheckOutcome.Failed, Reasons.KeyElsewhere, await JudgeAsync(arn, "us-west-2"), arn.Split('/')[1]);
    }

    [Fact]
    public async Task Key_that_two_names_mean_is_compared_by_what_KMS_says()
    {
        using AmazonKeyManagementServiceClient kms = Client();
        KeyMetadata key = (await kms.CreateKeyAsync(new CreateKeyRequest(), Token)).KeyMetadata;
        string alias = $"alias/registry-{Guid.NewGuid():N}";
        await kms.CreateAliasAsync(alias, key.KeyId, Token);

        Finding found = await JudgeAsync(alias, "us-east-1", check: "encryption", byDefault: key.Arn);

        Record("aws:kms by id, and writes with the same key by alias", CheckOutcome.Passed, Reasons.EncryptionVerified, found, key.KeyId);
    }

    [Fact]
    public async Task Bucket_without_KMS_needs_no_key() =>
        Record("The bucket encrypts with AES256", CheckOutcome.Skipped, Reasons.NotRequired, await JudgeAsync(null, "us-east-1", byDefault: "AES256"), ShownKey);

    [Fact]
    public async Task Bucket_with_the_key_that_AWS_manages_passes() =>
        Record("The bucket encrypts with the key that AWS manages", CheckOutcome.Passed, Reasons.KeyUsable, await JudgeAsync(null, "us-east-1", byDefault: ""), ShownKey);

    [Fact]
    public async Task Operator_that_may_not_describe_the_key_is_told_the_permission()
    {
        await using OddStore kms = await OddStore.DenyingKeysAsync(Token);
        var credentials = new BasicAWSCredentials("AKIAADMIN", "any");
        CheckContext context = Context($"arn:aws:kms:us-east-1:123456789012:key/{ShownKey}", "us-east-1");
        using var calls = new KmsCalls(credentials, new AmazonKeyManagementServiceConfig { ServiceURL = kms.Endpoint.ToString(), AuthenticationRegion = "us-east-1" }, Token, Token);

        var facts = new BucketFacts
        {
            Home = Aws.AwsAnswer<BucketHome>.Of(new BucketHome("us-east-1")),
            Encryption = Aws.AwsAnswer<BucketEncryption>.Of(new BucketEncryption(BucketEncryption.SseKms, context.Driver.KeyId)),
            WrittenKey = await calls.DescribeAsync(context.Driver.KeyId!, context.Driver.KeyId!),
        };

        Finding found = Severities.Judge(BucketChecks.All, facts, context).Single(f => f.Check.Name == "kmsKey");
        Record("The operator may not ask", CheckOutcome.Unknown, Reasons.CheckNotPermitted, found, ShownKey);
    }

    private static AmazonKeyManagementServiceClient Client() => new(
        new BasicAWSCredentials("AKIAADMIN", "any"),
        new AmazonKeyManagementServiceConfig { ServiceURL = Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_KMS"), AuthenticationRegion = "us-east-1" });

    private async Task RecordAsync(
        string given, CheckOutcome outcome, string reason, Func<AmazonKeyManagementServiceClient, string, Task> change, KeySpec? spec = null)
    {
        using AmazonKeyManagementServiceClient kms = Client();
        KeyMetadata key = (await kms.CreateKeyAsync(
            new CreateKeyRequest { KeySpec = spec ?? KeySpec.SYMMETRIC_DEFAULT, KeyUsage = KeyUsageType.ENCRYPT_DECRYPT }, Token)).KeyMetadata;
        await change(kms, key.KeyId);

        Record(given, outcome, reason, await JudgeAsync(key.Arn, "us-east-1"), key.KeyId);
    }

    private async Task<Finding> JudgeAsync(string? keyId, string region, string check = "kmsKey", string? byDefault = null)
    {
        using var administrator = aws.Moto.CreateS3Client();
        CheckContext context = Context(keyId, region);
        await administrator.PutBucketAsync(context.Driver.Bucket, Token);
        bool kms = byDefault != BucketEncryption.SseS3;
        string? key = byDefault is null ? keyId : byDefault.Length == 0 ? null : byDefault;
        await BucketSetUp.Encryption(kms ? BucketEncryption.SseKms : BucketEncryption.SseS3, kms ? key : null)(administrator, context.Driver.Bucket, Token);
        var reader = new BucketReader(_ => Task.FromResult<AWSCredentials>(new BasicAWSCredentials("AKIAADMIN", "any")));
        return Severities.Judge(BucketChecks.All, await reader.ReadAsync(context.Driver, null, Token), context).Single(f => f.Check.Name == check);
    }

    private static CheckContext Context(string? keyId, string region)
    {
        string key = keyId is null ? "" : $", encrypt: true, keyid: '{keyId}'";
        ConfigurationResult<RegistryConfiguration> read = ConfigurationReader.Read(
            $"{{version: 0.1, storage: {{s3: {{bucket: k-{Guid.NewGuid():N}, region: {region}, forcepathstyle: true{key}}}}}}}");
        return new CheckContext(new Owner("local-registry", "registry", "uid"), new LocalRegistrySpec(), (S3Driver)read.Value!.Storage.Driver);
    }

    private static void Record(string given, CheckOutcome outcome, string reason, Finding found, string key)
    {
        Assert.Equal((outcome, reason), (found.Answer.Outcome, found.Answer.Reason));
        string message = found.Answer.Message.Replace(key, ShownKey, StringComparison.Ordinal);
        CaseTable.Record(Area, given, found.Check, found.Answer with { Message = System.Text.RegularExpressions.Regex.Replace(message, "k-[0-9a-f]{32}", "docker-registry") });
    }
}
