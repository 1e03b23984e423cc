using Amazon.Runtime;
using Amazon.S3;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Bucket;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Cases;

/// <summary>What is said of a bucket, for every way in which it may be set up.</summary>
public sealed class BucketCasesTests(AwsFixture aws)
{
    private const string Area = "Buckets";

    // Every check that reads a setting, as opposed to the bucket itself.
    private static readonly string[] Settings =
    [
        "encryption", "uploadPolicy", "publicPolicy", "publicAccessBlock", "ownership", "expiration", "abandonedUploads", "versioning",
    ];

    public static TheoryData<string> Cases => [.. BucketCases.All.Select(c => $"{c}")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_is_told_as_it_should_be(string name)
    {
        BucketCase given = BucketCases.All.Single(c => $"{c}" == name);
        using AmazonS3Client administrator = given.OnAws ? aws.Moto.CreateS3Client() : aws.S3.CreateClient();
        string bucket = await CreateAsync(administrator, given);

        Finding found = Find(await JudgeAsync(given.OnAws ? "" : $", regionendpoint: '{given.Endpoint?.Invoke() ?? aws.S3.Endpoint}'", bucket, given), given.Check);

        Assert.Equal((given.Outcome, given.Reason), (found.Answer.Outcome, found.Answer.Reason));
        Record(given.Given, bucket, found);
    }

    [Fact]
    public async Task Operator_without_rights_is_told_each_permission_that_it_lacks()
    {
        const string name = "localregistry-stranger";
        await aws.S3.AdminAsync(["user", "create", "--uid", name, "--display-name", name, "--access-key", name, "--secret-key", $"secret-of-{name}"], Token);
        using AmazonS3Client administrator = aws.S3.CreateClient();
        var given = new BucketCase("", "The operator may not ask", CheckOutcome.Unknown, Reasons.CheckNotPermitted) { Operator = (name, $"secret-of-{name}") };
        string bucket = await CreateAsync(administrator, given);

        IReadOnlyList<Finding> findings = await JudgeAsync($", regionendpoint: '{aws.S3.Endpoint}'", bucket, given);

        foreach (Finding found in (Finding[])[Find(findings, "bucket"), .. Settings.Select(s => Find(findings, s))])
        {
            Assert.Equal((given.Outcome, given.Reason), (found.Answer.Outcome, found.Answer.Reason));
            Record(given.Given, bucket, found);
        }
    }

    [Fact]
    public async Task Operator_without_credentials_is_told_where_to_put_them()
    {
        var reader = new BucketReader(_ => throw new AmazonClientException("Failed to resolve AWS credentials."));
        CheckContext context = Context($", regionendpoint: '{aws.S3.Endpoint}'", "docker-registry", new BucketCase("bucket", "", CheckOutcome.Unknown, ""));

        Finding found = Find(Severities.Judge(BucketChecks.All, await reader.ReadAsync(context.Driver, null, Token), context), "bucket");

        Assert.Equal(Reasons.NoCredentials, found.Answer.Reason);
        Record("The operator has no credentials", "docker-registry", found);
    }

    [Fact]
    public async Task Operator_whose_credentials_file_is_none_is_told_so_without_its_content()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "AKIAOTHER:the-other-secret\n", Token);
        var reader = new BucketReader(_ => Task.FromResult(SharedCredentials.Find(file, "default")!));
        CheckContext context = Context($", regionendpoint: '{aws.S3.Endpoint}'", "docker-registry", new BucketCase("bucket", "", CheckOutcome.Unknown, ""));

        Finding found = Find(Severities.Judge(BucketChecks.All, await reader.ReadAsync(context.Driver, null, Token), context), "bucket");
        File.Delete(file);

        Assert.Equal(Reasons.NoCredentials, found.Answer.Reason);
        Assert.DoesNotContain("the-other-secret", found.Answer.Message, StringComparison.Ordinal);
        Record("The operator's credentials file is none", file, found with
        {
            Answer = found.Answer with { Message = found.Answer.Message.Replace(file, "/var/run/secrets/aws/credentials", StringComparison.Ordinal) },
        });
    }

    [Fact]
    public async Task Store_that_stalls_is_unreachable_within_the_deadline()
    {
        await using OddStore store = await OddStore.StallingAsync(Token);
        await RecordOddAsync(store, "The store takes requests and never answers", Reasons.StoreUnreachable, CheckOutcome.Unknown, "bucket");
    }

    [Fact]
    public async Task Store_that_is_busy_is_unreachable_for_now()
    {
        await using OddStore store = await OddStore.BusyAsync(Token);
        await RecordOddAsync(store, "The store answers 503 SlowDown", Reasons.StoreUnreachable, CheckOutcome.Unknown, "bucket");
    }

    [Fact]
    public async Task Store_that_refuses_the_operators_keys_is_told_apart_from_missing_rights()
    {
        await using OddStore store = await OddStore.RefusingKeysAsync(Token);
        await RecordOddAsync(store, "The operator has an access key that AWS does not know", Reasons.CredentialsRefused, CheckOutcome.Unknown, "bucket");
    }

    [Fact]
    public async Task Store_that_redirects_names_the_region()
    {
        await using OddStore store = await OddStore.RedirectingAsync(Token);
        await RecordOddAsync(store, "The endpoint of one region is asked for a bucket of another", Reasons.WrongRegion, CheckOutcome.Failed, "bucket");
    }

    [Fact]
    public async Task Store_that_knows_no_settings_is_not_failed_for_them()
    {
        await using OddStore store = await OddStore.PlainAsync(Token);
        await RecordOddAsync(store, "The store knows no such setting", Reasons.NotSupportedByStore, CheckOutcome.Skipped, [.. Settings.Except(["encryption"])]);
        await RecordOddAsync(store, "The store knows no such setting", Reasons.NotSupportedByStore, CheckOutcome.Unknown, "encryption");
    }

    private static async Task RecordOddAsync(OddStore store, string given, string reason, CheckOutcome outcome, params string[] checks)
    {
        IReadOnlyList<Finding> findings = await JudgeAsync(
            $", regionendpoint: '{store.Endpoint}'", "docker-registry", new BucketCase("", given, outcome, reason));

        foreach (Finding found in checks.Select(c => Find(findings, c)))
        {
            Assert.Equal((outcome, reason), (found.Answer.Outcome, found.Answer.Reason));
            Record(given, "docker-registry", found);
        }
    }

    private static async Task<string> CreateAsync(AmazonS3Client administrator, BucketCase given)
    {
        string bucket = $"b-{Guid.NewGuid():N}";
        if (given.SetUp is not null)
        {
            await administrator.PutBucketAsync(bucket, Token);
            await given.SetUp(administrator, bucket, Token);
        }

        return bucket;
    }

    private static async Task<IReadOnlyList<Finding>> JudgeAsync(string endpoint, string bucket, BucketCase given)
    {
        CheckContext context = Context(endpoint, bucket, given);
        (string accessKey, string secretKey) = given.Operator ?? (S3Server.AccessKey, S3Server.SecretKey);
        var reader = new BucketReader(_ => Task.FromResult<AWSCredentials>(new BasicAWSCredentials(accessKey, secretKey)));
        return Severities.Judge(BucketChecks.All, await reader.ReadAsync(context.Driver, given.Validation.ExpectedBucketOwner, Token), context);
    }

    private static CheckContext Context(string endpoint, string bucket, BucketCase given)
    {
        string region = given.Driver.Contains("region:", StringComparison.Ordinal) ? "" : ", region: us-east-1";
        string driver = given.Driver.Length == 0 ? "" : $", {given.Driver}";
        ConfigurationResult<RegistryConfiguration> read = ConfigurationReader.Read(
            $"{{version: 0.1, storage: {{s3: {{bucket: {bucket}, rootdirectory: /myroot, forcepathstyle: true{region}{driver}{endpoint}}}}}}}");
        Assert.True(read.IsValid, string.Join("; ", read.Errors.Select(e => e.Message)));
        return new CheckContext(
            new Owner("local-registry", "registry", "uid"), new LocalRegistrySpec { Validation = given.Validation }, (S3Driver)read.Value!.Storage.Driver);
    }

    private static Finding Find(IEnumerable<Finding> findings, string check) => Assert.Single(findings, f => f.Check.Name == check);

    // Generated names are of no interest to who reads the page.
    private static void Record(string given, string bucket, Finding found) => CaseTable.Record(
        Area, given, found.Check, found.Answer with { Message = found.Answer.Message.Replace(bucket, "docker-registry", StringComparison.Ordinal) });
}
