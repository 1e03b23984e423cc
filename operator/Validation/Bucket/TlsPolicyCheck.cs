using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>Asks whether the bucket's policy turns away requests in plain text.</summary>
internal sealed class TlsPolicyCheck : ICheck<BucketFacts>
{
    private const string Key = "aws:SecureTransport";

    public CheckDefinition Definition { get; } = new("tlsPolicy", ConditionTypes.BucketProtected, Severity.Warn);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context)
    {
        if (!context.Driver.Secure)
        {
            return CheckAnswer.Skip(Reasons.NotRequired, "spec.config.storage.s3.secure is false: the registry itself speaks plain text.");
        }

        return facts.Policy switch
        {
            null => Unanswered.NotRead(context),
            { Value: { } policy } when Requires(policy, context.Driver) => CheckAnswer.Pass(
                Reasons.TlsRequired, $"The policy of bucket \"{context.Driver.Bucket}\" denies requests in plain text."),
            { Value: not null } => Allowed(context, "does not deny requests in plain text"),
            { IsAbsent: true } => CheckAnswer.Fail(
                Reasons.PlaintextAllowed,
                $"Bucket \"{context.Driver.Bucket}\" has no policy, so it answers requests in plain text. Set one: {AwsCommand.PutPolicy(context)}"),
            { Failure: { } failure } => Unanswered.Because(failure, $"the policy of bucket \"{context.Driver.Bucket}\"", context),
            _ => Unanswered.NotRead(context),
        };
    }

    private static bool Requires(BucketPolicy policy, S3Driver driver)
    {
        string sample = BucketArn.OfObject(driver, driver.ObjectPrefix + "sample");
        PolicyStatement[] denies =
        [
            .. policy.Statements.Where(s => s is { Denies: true, ForEverybody: true, Conditions.Count: 1 } && s.Conditions[0].Is("Bool", Key) && s.Conditions[0].IsOnly("false")),
        ];
        return denies.Any(s => s.IsAbout("s3:GetObject", sample)) && denies.Any(s => s.IsAbout("s3:PutObject", sample));
    }

    private static CheckAnswer Allowed(CheckContext context, string why) => CheckAnswer.Fail(
        Reasons.PlaintextAllowed,
        $"Bucket \"{context.Driver.Bucket}\" {why}. Add the statement about {Key} of ConfigMap \"{context.PoliciesConfigMap}\", key bucket-policy.json, to its policy.");
}
