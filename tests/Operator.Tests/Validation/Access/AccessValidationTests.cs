using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Access;
using LocalRegistry.Registry.Configuration.Check;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation.Access;

public sealed class AccessValidationTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeIam _iam = new();
    private readonly AccessValidation _validation;

    public AccessValidationTests() => _validation = new AccessValidation(_iam, _time);

    [Fact]
    public async Task Run_asks_for_the_identity_once_and_simulates_twice_until_it_is_due_again()
    {
        AccessAnswer first = await RunAsync();
        _time.Advance(first.Due - _time.GetUtcNow() - TimeSpan.FromSeconds(1));
        await RunAsync();
        Assert.Equal((1, 2), (_iam.Resolved.Count, _iam.Simulated.Count));

        _time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync();
        Assert.Equal((2, 4), (_iam.Resolved.Count, _iam.Simulated.Count));
    }

    [Fact]
    public async Task Run_with_another_session_of_the_same_role_does_not_ask_again()
    {
        await RunAsync();
        await RunAsync(Report("arn:aws:sts::123456789012:assumed-role/pull/another-session"));

        Assert.Equal(["arn:aws:sts::123456789012:assumed-role/pull"], _iam.Resolved);
    }

    [Fact]
    public async Task Run_with_another_role_bucket_policy_or_configuration_asks_at_once()
    {
        await RunAsync();
        await RunAsync(Report("arn:aws:sts::123456789012:assumed-role/push/session"));
        await RunAsync(bucket: Bucket("""{"Statement":[]}"""));
        await RunAsync(Context("rootdirectory: /other"));
        await RunAsync(Context(access: AccessMode.ReadWrite));

        Assert.Equal(5, _iam.Resolved.Count);
    }

    [Fact]
    public async Task Run_with_a_new_report_judges_anew_without_asking()
    {
        _iam.Decide = request => request.Action == "s3:GetObject" ? FakeIam.Decision(request, SimulatedEffect.ImplicitlyDenied) : null;
        Assert.Equal(Reasons.PermissionMissing, Find(await RunAsync(), "permissions").Answer.Reason);

        AccessAnswer answer = await RunAsync(Report(FakeIam.Session, new CheckResult("ReadObject", CheckOutcome.Passed, "s3:GetObject", null, "")));

        Assert.Equal(Reasons.PermissionsGranted, Find(answer, "permissions").Answer.Reason);
        Assert.Single(_iam.Resolved);
    }

    [Fact]
    public async Task Run_after_a_failure_asks_again_sooner_and_ever_later()
    {
        _iam.Failure = new AwsFailure(AwsFailureKind.Unreachable, "no answer in time");

        var delays = new List<double>();
        for (int i = 0; i < 5; i++)
        {
            AccessAnswer answer = await RunAsync();
            delays.Add((answer.Due - _time.GetUtcNow()).TotalSeconds);
            _time.Advance(answer.Due - _time.GetUtcNow());
        }

        Assert.Equal([10, 20, 40, 60, 60], delays);
        Assert.Empty(_iam.Simulated);
    }

    [Fact]
    public async Task Run_with_what_is_too_much_waits_for_the_interval()
    {
        _iam.Decide = request => FakeIam.Decision(request, SimulatedEffect.Allowed, new MatchedPolicy(MatchedPolicyKind.Managed, "AdministratorAccess"));

        AccessAnswer answer = await RunAsync();

        Assert.True(Find(answer, "excessPermissions").Warns);
        Assert.True(answer.Due - _time.GetUtcNow() > TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Run_with_both_checks_off_asks_nothing()
    {
        AccessAnswer answer = await RunAsync(Context(validation: Off("permissions", "excessPermissions")));

        Assert.Empty(_iam.Resolved);
        Assert.Equal(["identity", "nodeIdentity"], answer.Findings.Select(f => f.Check.Name));
        Assert.Equal(DateTimeOffset.MaxValue, answer.Due);
    }

    [Fact]
    public async Task Run_with_excess_off_simulates_what_is_needed_only()
    {
        await RunAsync(Context(validation: Off("excessPermissions")));

        Assert.Equal(["s3:ListBucket", "s3:ListBucket", "s3:GetObject"], Assert.Single(_iam.Simulated).Requests.Select(r => r.Action));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Run_for_another_store_asks_an_IAM_only_where_the_environment_names_one(bool named, int asked)
    {
        _iam.HasOwnEndpoint = named;

        await RunAsync(Context("regionendpoint: 'https://store.example'"));

        Assert.Equal(asked, _iam.Resolved.Count);
    }

    [Fact]
    public async Task Run_before_the_first_preflight_asks_for_the_role_that_the_resource_names()
    {
        CheckContext context = Context();
        context = context with { Spec = context.Spec with { Credentials = new CredentialsSpec { WebIdentity = new WebIdentitySpec { RoleArn = FakeIam.Role } } } };

        AccessAnswer answer = await _validation.RunAsync(context, null, Bucket(), Interval, TestContext.Current.CancellationToken);

        Assert.Equal(["arn:aws:sts::123456789012:assumed-role/pull"], _iam.Resolved);
        Assert.Equal(Reasons.PermissionsGranted, Find(answer, "permissions").Answer.Reason);
        Assert.Equal(Reasons.NotChecked, Find(answer, "identity").Answer.Reason);
    }

    [Fact]
    public async Task Run_without_the_live_proof_skips_what_only_that_can_tell()
    {
        AccessAnswer answer = await _validation.RunAsync(
            Context(validation: Off("liveProof")), null, Bucket(), Interval, TestContext.Current.CancellationToken);

        Assert.All(answer.Findings, finding => Assert.Equal(CheckOutcome.Skipped, finding.Answer.Outcome));
    }

    [Fact]
    public async Task Forget_of_a_resource_has_the_next_of_that_name_asked_for_anew()
    {
        await RunAsync();
        _validation.Forget(Samples.Owner.Uid);
        await RunAsync();

        Assert.Equal(2, _iam.Resolved.Count);
    }

    [Fact]
    public async Task Run_gives_the_bucket_policy_and_the_caller_to_the_simulation()
    {
        await RunAsync(bucket: Bucket("""{"Version":"2012-10-17","Statement":[{"Sid":"Tls","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}"""));

        Assert.All(_iam.Simulated, query => Assert.Equal("statement \"Tls\"", Assert.Single(query.BucketPolicy!).Label));
        Assert.All(_iam.Simulated.SelectMany(query => query.Requests), request => Assert.Equal(FakeIam.Role, request.Context["aws:PrincipalArn"]));
    }

    private Task<AccessAnswer> RunAsync(CheckReport? report = null, BucketFacts? bucket = null) => RunAsync(Context(), report, bucket);

    private Task<AccessAnswer> RunAsync(CheckContext context, CheckReport? report = null, BucketFacts? bucket = null) =>
        _validation.RunAsync(context, report ?? Report(FakeIam.Session), bucket ?? Bucket(), Interval, TestContext.Current.CancellationToken);

    private static CheckContext Context(string s3 = "", AccessMode access = AccessMode.ReadOnly, ValidationSpec? validation = null)
    {
        CheckContext context = Samples.Context(s3, validation);
        return context with { Spec = context.Spec with { Access = access } };
    }

    private static CheckReport Report(string arn, params CheckResult[] checks) => new("ReadOnly", new CheckIdentity(arn, "web-identity"), checks);

    private static ValidationSpec Off(params string[] checks) => new() { Checks = checks.ToDictionary(check => check, _ => Severity.Off) };

    private static BucketFacts Bucket(string? policy = null) => new()
    {
        Home = AwsAnswer<BucketHome>.Of(new BucketHome("us-east-1")),
        Policy = policy is null ? AwsAnswer<BucketPolicy>.Absent("") : AwsAnswer<BucketPolicy>.Of(BucketPolicy.Parse(policy)),
    };

    private static Finding Find(AccessAnswer answer, string check) => Assert.Single(answer.Findings, finding => finding.Check.Name == check);
}
