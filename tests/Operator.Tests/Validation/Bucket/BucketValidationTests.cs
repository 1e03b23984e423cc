using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Bucket;
using LocalRegistry.Registry.Configuration;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation.Bucket;

public sealed class BucketValidationTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Reader _reader = new();
    private readonly BucketValidation _validation;

    public BucketValidationTests() => _validation = new BucketValidation(_reader, _time);

    [Fact]
    public async Task Run_before_the_interval_is_over_does_not_read_again()
    {
        BucketAnswer first = await RunAsync();
        _time.Advance(first.Due - _time.GetUtcNow() - TimeSpan.FromSeconds(1));
        await RunAsync();
        Assert.Equal(1, _reader.Calls);

        _time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync();
        Assert.Equal(2, _reader.Calls);
    }

    [Fact]
    public async Task Run_with_another_bucket_or_owner_reads_at_once()
    {
        await RunAsync();
        await RunAsync("encrypt: true");
        await RunAsync("encrypt: true", new ValidationSpec { ExpectedBucketOwner = "111122223333" });

        Assert.Equal(3, _reader.Calls);
    }

    [Fact]
    public async Task Run_with_another_requirement_judges_anew_without_reading()
    {
        await RunAsync();

        BucketAnswer answer = await RunAsync(validation: new ValidationSpec { Encryption = new EncryptionSpec { Algorithm = "aws:kms" } });

        Assert.Equal(Reasons.EncryptionNotAsRequired, Find(answer, "encryption").Answer.Reason);
        Assert.Equal(1, _reader.Calls);
    }

    [Fact]
    public async Task Run_after_a_failure_reads_again_sooner_and_ever_later()
    {
        _reader.Encryption = AwsAnswer<BucketEncryption>.Absent("");

        var delays = new List<double>();
        for (int i = 0; i < 5; i++)
        {
            BucketAnswer answer = await RunAsync();
            delays.Add((answer.Due - _time.GetUtcNow()).TotalSeconds);
            _time.Advance(answer.Due - _time.GetUtcNow());
        }

        Assert.Equal([10, 20, 40, 60, 60], delays);
    }

    [Fact]
    public async Task Run_with_a_failure_that_only_warns_waits_for_the_interval()
    {
        _reader.Encryption = AwsAnswer<BucketEncryption>.Absent("");

        BucketAnswer answer = await RunAsync(validation: Severities(("encryption", Severity.Warn)));

        Assert.True(Find(answer, "encryption").Warns);
        Assert.True(answer.Due - _time.GetUtcNow() > TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Run_leaves_out_what_is_off_and_reads_nothing_when_all_is()
    {
        BucketAnswer some = await RunAsync(validation: Severities(("encryption", Severity.Off)));
        Assert.DoesNotContain(some.Findings, f => f.Check.Name == "encryption");
        Assert.Equal(BucketChecks.All.Count - 1, some.Findings.Count);

        BucketAnswer none = await RunAsync(validation: Severities([.. BucketChecks.All.Select(c => (c.Definition.Name, Severity.Off))]));
        Assert.Empty(none.Findings);
        Assert.Equal(1, _reader.Calls);
    }

    [Fact]
    public async Task Run_without_getting_at_the_bucket_fails_nothing_that_it_did_not_see()
    {
        _reader.Home = AwsAnswer<BucketHome>.Failed(new AwsFailure(AwsFailureKind.NoSuchBucket, "no"));

        BucketAnswer answer = await RunAsync();

        Assert.Equal("bucket", Assert.Single(answer.Findings, f => f.Answer.Outcome == Registry.Configuration.Check.CheckOutcome.Failed).Check.Name);
        Assert.Equal(Reasons.BucketNotFound, ConditionSummary.Of(answer.Findings).Reason);
        Assert.DoesNotContain("Not asked", ConditionSummary.Of(answer.Findings).Message, StringComparison.Ordinal);
    }

    private static ValidationSpec Severities(params (string Check, Severity Severity)[] checks) =>
        new() { Checks = checks.ToDictionary(c => c.Check, c => c.Severity) };

    private static Finding Find(BucketAnswer answer, string check) => Assert.Single(answer.Findings, f => f.Check.Name == check);

    private Task<BucketAnswer> RunAsync(string driver = "", ValidationSpec? validation = null) =>
        _validation.RunAsync(Samples.Context(driver, validation), Interval, TestContext.Current.CancellationToken);

    private sealed class Reader : IBucketReader
    {
        public AwsAnswer<BucketHome> Home { get; set; } = AwsAnswer<BucketHome>.Of(new BucketHome("us-east-1"));

        public AwsAnswer<BucketEncryption> Encryption { get; set; } = AwsAnswer<BucketEncryption>.Of(new BucketEncryption("AES256", null));

        public int Calls { get; private set; }

        public Task<BucketFacts> ReadAsync(S3Driver driver, string? expectedOwner, CancellationToken cancel)
        {
            Calls++;
            return Task.FromResult(Home.Value is null ? new BucketFacts { Home = Home } : new BucketFacts
            {
                Home = Home,
                HomeOfOwner = expectedOwner is null ? null : Home,
                Encryption = Encryption,
                Policy = AwsAnswer<BucketPolicy>.Absent(""),
                Exposure = AwsAnswer<BucketExposure>.Absent(""),
                PublicAccessBlock = AwsAnswer<PublicAccessBlock>.Absent(""),
                Ownership = AwsAnswer<ObjectOwnership>.Absent(""),
                Lifecycle = AwsAnswer<BucketLifecycle>.Absent(""),
                Versioning = AwsAnswer<BucketVersioning>.Of(new BucketVersioning("Off")),
            });
        }
    }
}
