using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>
/// Asks whether the bucket's policy turns away uploads that do not ask for encryption, and whether it would turn away the registry's own. The
/// default encryption can be overridden by each upload; only a policy holds all who write to one way.
/// </summary>
internal sealed class UploadPolicyCheck : ICheck<BucketFacts>
{
    private const string Action = "s3:PutObject";
    private const string AlgorithmKey = "s3:x-amz-server-side-encryption";
    private const string KeyKey = "s3:x-amz-server-side-encryption-aws-kms-key-id";

    public CheckDefinition Definition { get; } = new("uploadPolicy", ConditionTypes.BucketEncrypted, Severity.Warn);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context) => facts.Policy switch
    {
        null => Unanswered.NotRead(context),
        { Value: { } policy } => Judge(policy, context),
        { IsAbsent: true } => Allowed(context, "has no policy"),
        { Failure: { } failure } => Unanswered.Because(failure, $"the policy of bucket \"{context.Driver.Bucket}\"", context),
        _ => Unanswered.NotRead(context),
    };

    private static CheckAnswer Judge(BucketPolicy policy, CheckContext context)
    {
        S3Driver driver = context.Driver;
        string sample = BucketArn.OfObject(driver, driver.ObjectPrefix + "sample");
        // A statement with more conditions lets some uploads through.
        PolicyStatement[] denies = [.. policy.Statements.Where(s => s is { Denies: true, ForEverybody: true, Conditions.Count: 1 } && s.IsAbout(Action, sample))];
        PolicyStatement? absent = denies.FirstOrDefault(s => s.Conditions[0].Is("Null", AlgorithmKey) && s.Conditions[0].IsOnly("true"));
        PolicyStatement? other = denies.FirstOrDefault(s => IsOtherThan(s.Conditions[0], AlgorithmKey));
        PolicyStatement? otherKey = denies.FirstOrDefault(s => IsOtherThan(s.Conditions[0], KeyKey));
        if (Refusal(driver, absent, other, otherKey) is { } refusal)
        {
            return CheckAnswer.Fail(Reasons.UploadsRefused, $"The policy of bucket \"{driver.Bucket}\" turns the registry's own uploads away: {refusal}");
        }

        // On AWS a comparison with what is not there holds when it is negated; other stores want to be told.
        if (absent is null && !(context.IsAws && other is not null))
        {
            return Allowed(context, other is null ? "does not deny uploads without encryption" : "denies uploads with another encryption, but not those that name none");
        }

        return CheckAnswer.Pass(Reasons.UploadsMustEncrypt, $"The policy of bucket \"{driver.Bucket}\" denies uploads that do not ask for encryption.");
    }

    private static bool IsOtherThan(PolicyCondition condition, string key) =>
        condition.Is("StringNotEquals", key) || condition.Is("StringNotEqualsIfExists", key) || condition.Is("StringNotLike", key);

    // What the registry sends with every write, held against what the policy denies.
    private static string? Refusal(S3Driver driver, PolicyStatement? absent, PolicyStatement? other, PolicyStatement? otherKey)
    {
        string? sent = !driver.Encrypt ? null : driver.KeyId is null ? BucketEncryption.SseS3 : BucketEncryption.SseKms;
        if (sent is null)
        {
            return (absent ?? other) is { } denies
                ? $"statement {NameOf(denies)} denies uploads that name no encryption. Set spec.config.storage.s3.encrypt to true."
                : null;
        }

        if (other is not null && !other.Conditions[0].Values.Contains(sent))
        {
            return $"statement {NameOf(other)} denies uploads with another encryption than {string.Join(" or ", other.Conditions[0].Values)}, "
                + $"and the configuration writes with {sent}. {(driver.KeyId is null ? "Set" : "Remove")} spec.config.storage.s3.keyid, or change the statement.";
        }

        return otherKey is not null && driver.KeyId is { } key && !otherKey.Conditions[0].Values.Any(v => KmsKeyName.Parse(v).Means(KmsKeyName.Parse(key)) != false)
            ? $"statement {NameOf(otherKey)} denies uploads with another key than {string.Join(" or ", otherKey.Conditions[0].Values)}, "
                + $"and the configuration writes with \"{key}\". Correct spec.config.storage.s3.keyid, or change the statement."
            : null;
    }

    private static string NameOf(PolicyStatement statement) => statement.Sid is null ? "without a Sid" : $"\"{statement.Sid}\"";

    private static CheckAnswer Allowed(CheckContext context, string why) => CheckAnswer.Fail(
        Reasons.UnencryptedUploadsAllowed,
        $"Bucket \"{context.Driver.Bucket}\" {why}. Add the statements of ConfigMap \"{context.PoliciesConfigMap}\", key bucket-policy.json, to its policy.");
}
