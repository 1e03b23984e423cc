using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Access;
using LocalRegistry.Registry.Configuration.Check;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation.Access;

public sealed class PermissionsCheckTests
{
    private static readonly MatchedPolicy Vpc = new(MatchedPolicyKind.Bucket, "statement \"Vpc\"");
    private static readonly MatchedPolicy Inline = new(MatchedPolicyKind.Inline, "registry");

    [Fact]
    public void Judge_counts_what_the_preflight_did_and_says_that_the_simulation_disagrees()
    {
        CheckAnswer answer = Judge(["s3:ListBucket", "s3:GetObject"], Denied([Inline], []), Did("s3:ListBucket"), Did("s3:GetObject"));

        Assert.Equal(Reasons.PermissionsGranted, answer.Reason);
        Assert.Contains("IAM's simulation denies s3:ListBucket (denied by inline policy \"registry\"), s3:GetObject", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_does_not_count_what_the_preflight_tried_in_vain()
    {
        CheckResult failed = Did("s3:GetObject") with { Outcome = CheckOutcome.Failed };

        Assert.Equal(Reasons.DeniedByPolicy, Judge(["s3:GetObject"], Denied([Inline], []), failed).Reason);
    }

    [Fact]
    public void Judge_lets_a_denial_go_whose_statement_denied_what_was_done_for_a_condition_that_nobody_knows()
    {
        CheckAnswer answer = Judge(["s3:ListBucket", "s3:GetObject"], Denied([Vpc], ["aws:SourceVpce"]), Did("s3:ListBucket"));

        Assert.Equal(Reasons.PermissionsGranted, answer.Reason);
    }

    [Theory]
    [InlineData("s3:x-amz-server-side-encryption")]
    [InlineData("s3:prefix")]
    public void Judge_holds_to_a_denial_for_what_the_registry_itself_does_not_send(string key)
    {
        CheckAnswer answer = Judge(["s3:ListBucket", "s3:GetObject"], Denied([Vpc], [key]), Did("s3:ListBucket"));

        Assert.Equal(Reasons.DeniedByBucketPolicy, answer.Reason);
        Assert.Contains($"look at {key}, which this request of the registry does not carry", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_holds_to_a_denial_by_a_statement_that_nothing_refutes()
    {
        CheckAnswer answer = Judge(
            ["s3:ListBucket", "s3:GetObject"],
            request => request.Action == "s3:ListBucket" ? Denied([Vpc], ["aws:SourceVpce"])(request) : Denied([Vpc, Inline], ["aws:SourceVpce"])(request),
            Did("s3:ListBucket"));

        Assert.Equal(Reasons.DeniedByBucketPolicy, answer.Reason);
    }

    [Theory]
    [InlineData("kms:Decrypt", "ReadCanary", true)]
    [InlineData("kms:Decrypt", "ReadObject", false)]
    [InlineData("kms:GenerateDataKey", "WriteCanary", true)]
    public void Judge_takes_the_canary_for_a_proof_of_the_key_and_an_old_image_for_none(string action, string check, bool proves)
    {
        CheckResult did = new(check, CheckOutcome.Passed, "s3:GetObject", null, "");

        // What no policy of the identity gives, the key's own may: that is told, and holds nothing up.
        CheckAnswer untold = Judge([action], request => new SimulatedDecision(request, SimulatedEffect.ImplicitlyDenied, [], [], null, null), did);
        Assert.True(untold.Passed);
        Assert.Equal(proves, !untold.Message.Contains($"{action} on", StringComparison.Ordinal));

        Assert.Equal(proves, Judge([action], Denied([Inline], []), did).Passed);
    }

    [Fact]
    public void Judge_takes_the_answer_to_a_missing_object_for_a_proof_that_objects_can_be_read() => Assert.Equal(
        Reasons.PermissionsGranted,
        Judge(["s3:GetObject"], Denied([Inline], []), new CheckResult("ReadMissingObject", CheckOutcome.Passed, "s3:ListBucket", null, "")).Reason);

    [Theory]
    [InlineData(nameof(SimulatedEffect.ImplicitlyDenied), null, null, Reasons.PermissionMissing)]
    [InlineData(nameof(SimulatedEffect.ExplicitlyDenied), null, null, Reasons.DeniedByPolicy)]
    [InlineData(nameof(SimulatedEffect.ImplicitlyDenied), false, null, Reasons.DeniedByBoundary)]
    [InlineData(nameof(SimulatedEffect.ExplicitlyDenied), false, null, Reasons.DeniedByBoundary)]
    [InlineData(nameof(SimulatedEffect.ImplicitlyDenied), true, false, Reasons.DeniedByOrganization)]
    [InlineData(nameof(SimulatedEffect.ImplicitlyDenied), true, true, Reasons.PermissionMissing)]
    public void Judge_names_what_stands_in_the_way(string effect, bool? boundary, bool? organization, string reason)
    {
        CheckAnswer answer = Judge(
            ["s3:GetObject"], request => new SimulatedDecision(request, Enum.Parse<SimulatedEffect>(effect), [], [], boundary, organization));

        Assert.Equal((CheckOutcome.Failed, reason), (answer.Outcome, answer.Reason));
    }

    [Fact]
    public void Judge_lets_a_right_be_missing_that_the_registry_serves_without_and_says_what_it_is_for()
    {
        Right right = RegistryRights.For(AccessMode.ReadWrite, Samples.Context("encrypt: true").Driver, null).Single(r => r.IsOptional);
        var facts = new AccessFacts
        {
            Principal = AwsAnswer<IamPrincipal>.Of(FakeIam.Principal),
            Rights = [right],
            Needed = AwsAnswer<SimulationResult>.Of(new SimulationResult([Denied([], [])(new SimulatedRequest(right.Action, right.Sample, right.Context))], true)),
        };

        CheckAnswer answer = new PermissionsCheck().Judge(facts, Samples.Context("encrypt: true"));

        Assert.Equal(Reasons.PermissionsGranted, answer.Reason);
        Assert.Contains(" It does without s3:ListBucketMultipartUploads, but the parts that", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_gives_the_statement_that_is_missing()
    {
        CheckAnswer answer = Judge(["s3:GetObject"], Denied([], []));

        Assert.EndsWith(
            """Add to its policies: {"Sid":"Objects","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/x/*"}""", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("encrypt: false", "s3:x-amz-server-side-encryption", "Set spec.config.storage.s3.encrypt to true; or change statement")]
    [InlineData("secure: false", "", "Set spec.config.storage.s3.secure to true, if it is plain text that is denied; or change statement")]
    [InlineData("encrypt: true", "aws:SourceVpce", "the preflight shows it and nothing is to be changed; else change statement")]
    [InlineData("encrypt: true", "", "it is needed. Change statement")]
    public void Judge_says_first_what_does_not_take_a_denial_out(string driver, string missing, string repair)
    {
        CheckAnswer answer = Judge(["s3:PutObject"], Denied([Vpc], missing.Length == 0 ? [] : [missing]), driver);

        Assert.EndsWith($"{repair} \"Vpc\" of the bucket's policy so that {FakeIam.Principal.Arn} is not denied.", answer.Message, StringComparison.Ordinal);
    }

    private static CheckResult Did(string action) => new("Call", CheckOutcome.Passed, action, null, "");

    private static Func<SimulatedRequest, SimulatedDecision> Denied(MatchedPolicy[] policies, string[] missing) => request =>
        new SimulatedDecision(request, policies.Length > 0 ? SimulatedEffect.ExplicitlyDenied : SimulatedEffect.ImplicitlyDenied, policies, missing, null, null);

    private static CheckAnswer Judge(string[] actions, Func<SimulatedRequest, SimulatedDecision> decide, params CheckResult[] done) => Judge(actions, decide, "", done);

    private static CheckAnswer Judge(string[] actions, Func<SimulatedRequest, SimulatedDecision> decide, string driver, params CheckResult[] done)
    {
        Right[] rights = [.. actions.Select(action => new Right(action, "arn:aws:s3:::b/x/*", "arn:aws:s3:::b/x/sample", new Dictionary<string, string>(), "it is needed"))];
        var facts = new AccessFacts
        {
            Report = new CheckReport("ReadOnly", new CheckIdentity(FakeIam.Session, "web-identity"), done),
            Principal = AwsAnswer<IamPrincipal>.Of(FakeIam.Principal),
            Rights = rights,
            Needed = AwsAnswer<SimulationResult>.Of(new SimulationResult([.. rights.Select(r => decide(new SimulatedRequest(r.Action, r.Sample, r.Context)))], true)),
        };
        return new PermissionsCheck().Judge(facts, Samples.Context(driver));
    }
}
