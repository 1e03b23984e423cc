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
        { Value: { } policy } => Judge(policy, facts.Encryption?.Value is not null, context),
        { IsAbsent: true } => CheckAnswer.Fail(
            Reasons.UnencryptedUploadsAllowed,
            $"Bucket \"{context.Driver.Bucket}\" has no policy, so uploads may ask for no encryption. "
            + $"{(context.Driver.Encrypt ? "Set one" : "Set spec.config.storage.s3.encrypt to true, and then a policy")}: {AwsCommand.PutPolicy(context)}"),
        { Failure: { } failure } => Unanswered.Because(failure, $"the policy of bucket \"{context.Driver.Bucket}\"", context),
        _ => Unanswered.NotRead(context),
    };

    private static CheckAnswer Judge(BucketPolicy policy, bool encryptsByDefault, CheckContext context)
    {
        S3Driver driver = context.Driver;
        string sample = BucketArn.OfObject(driver, driver.ObjectPrefix + "sample");
        PolicyStatement[] denies = [.. policy.Statements.Where(s => s is { Denies: true, ForEverybody: true } && s.IsAbout(Action, sample))];
        PolicyStatement? absent = denies.FirstOrDefault(s => s.Conditions.Count == 1 && s.Conditions[0].Is("Null", AlgorithmKey) && s.Conditions[0].IsOnly("true"));
        PolicyStatement? other = denies.FirstOrDefault(s => DeniesOther(s, AlgorithmKey));
        PolicyStatement? otherKey = denies.FirstOrDefault(s => DeniesOther(s, KeyKey));
        if (Refusal(context, absent, other, otherKey) is { } refusal)
        {
            return CheckAnswer.Fail(Reasons.UploadsRefused, $"The policy of bucket \"{driver.Bucket}\" turns uploads away that this configuration makes: {refusal}");
        }

        // On AWS a comparison with what is not there holds when it is negated, unless the statement says otherwise.
        if (absent is not null || (context.IsAws && other?.Conditions.Count == 1))
        {
            return CheckAnswer.Pass(Reasons.UploadsMustEncrypt, $"The policy of bucket \"{driver.Bucket}\" denies uploads that do not ask for encryption.");
        }

        if (other is null)
        {
            return Allowed(context, "does not deny uploads without encryption");
        }

        return encryptsByDefault
            ? CheckAnswer.Pass(
                Reasons.UploadsMustEncrypt,
                $"The policy of bucket \"{driver.Bucket}\" denies uploads with another encryption, and those that name none get the bucket's default.")
            : CheckAnswer.Fail(
                Reasons.UnencryptedUploadsAllowed,
                $"Bucket \"{driver.Bucket}\" denies uploads with another encryption, but those that name none are not encrypted, since it has no default either. "
                + "Give it one; check encryption says how.");
    }

    // A statement with more conditions lets some uploads through; that the key must be there may be said beside.
    private static bool DeniesOther(PolicyStatement statement, string key) =>
        statement.Conditions.Any(c => IsOtherThan(c, key)) && statement.Conditions.All(c => IsOtherThan(c, key) || (c.Is("Null", key) && c.IsOnly("false")));

    private static bool IsOtherThan(PolicyCondition condition, string key) =>
        condition.Is("StringNotEquals", key) || condition.Is("StringNotEqualsIfExists", key) || IsUnlike(condition, key);

    private static bool IsUnlike(PolicyCondition condition, string key) => condition.Is("StringNotLike", key) || condition.Is("StringNotLikeIfExists", key);

    private static bool AcceptsAlgorithm(PolicyStatement statement, string sent) => Accepts(statement, AlgorithmKey, (value, isPattern) =>
        isPattern ? PolicyPattern.Matches(value, sent) : value == sent);

    private static bool AcceptsKey(PolicyStatement statement, string sent) => Accepts(statement, KeyKey, (value, isPattern) =>
        isPattern ? PolicyPattern.Matches(value, sent) || MayMean(value, KmsKeyName.Parse(sent)) : KmsKeyName.Parse(value).Means(KmsKeyName.Parse(sent)) != false);

    // Of an alias and a key's id only KMS can tell whether they mean the same. An id alone may have any ARN's beginning.
    private static bool MayMean(string pattern, KmsKeyName key)
    {
        int resource = pattern.LastIndexOf(key.IsAlias ? "alias/" : "key/", StringComparison.Ordinal);
        return key.Region is null
            ? resource < 0 || PolicyPattern.Matches(pattern[resource..], key.Resource)
            : key.IsAlias && resource < 0;
    }

    // All conditions must hold for an upload to be denied, so one that accepts it suffices.
    private static bool Accepts(PolicyStatement statement, string key, Func<string, bool, bool> accepts) =>
        statement.Conditions.Any(c => IsOtherThan(c, key) && c.Values.Any(value => accepts(value, IsUnlike(c, key))));

    private static string Accepted(PolicyStatement statement, string key) =>
        string.Join(" or ", statement.Conditions.Where(c => IsOtherThan(c, key)).SelectMany(c => c.Values));

    // What the registry sends with every write, held against what the policy denies.
    private static string? Refusal(CheckContext context, PolicyStatement? absent, PolicyStatement? other, PolicyStatement? otherKey)
    {
        S3Driver driver = context.Driver;
        if (driver.EncryptionMethod is not { } sent)
        {
            return (absent ?? (context.IsAws && other?.Conditions.Count == 1 ? other : null)) is { } denies
                ? $"statement {NameOf(denies)} denies uploads that name no encryption. Set spec.config.storage.s3.encrypt to true."
                : null;
        }

        if (other is not null && !AcceptsAlgorithm(other, sent))
        {
            string? change = Instead(driver).FirstOrDefault(i => i.Algorithm != sent && AcceptsAlgorithm(other, i.Algorithm)).Repair;
            string repair = change is null ? "Change the statement." : $"{change}, or change the statement.";
            return $"statement {NameOf(other)} denies uploads with another encryption than {Accepted(other, AlgorithmKey)}, "
                + $"and the configuration writes with {sent}. {repair}";
        }

        return otherKey is not null && driver.KeyId is { } key && !AcceptsKey(otherKey, key)
            ? $"statement {NameOf(otherKey)} denies uploads with another key than {Accepted(otherKey, KeyKey)}, "
                + $"and the configuration writes with \"{key}\". Correct spec.config.storage.s3.keyid, or change the statement."
            : null;
    }

    // How the configuration would come to write in each way.
    private static (string Algorithm, string Repair)[] Instead(S3Driver driver) =>
    [
        (BucketEncryption.SseKms, driver.KeyId is null ? "Set spec.config.storage.s3.keyid" : "Remove spec.config.storage.s3.dsse"),
        (BucketEncryption.Dsse, "Set spec.config.storage.s3.dsse to true"),
        (BucketEncryption.SseS3, $"Remove spec.config.storage.s3.{(driver.KeyId is null ? "dsse" : driver.Dsse ? "keyid and dsse" : "keyid")}"),
    ];

    private static string NameOf(PolicyStatement statement) => statement.Sid is null ? "without a Sid" : $"\"{statement.Sid}\"";

    // A policy that demands a header would deny the uploads of a registry that sends none, so the ConfigMap's demands none as long as that is so.
    private static CheckAnswer Allowed(CheckContext context, string why) => CheckAnswer.Fail(
        Reasons.UnencryptedUploadsAllowed,
        $"Bucket \"{context.Driver.Bucket}\" {why}. {(context.Driver.Encrypt ? "Add" : "Set spec.config.storage.s3.encrypt to true, and add")} "
        + $"the statements of ConfigMap \"{context.PoliciesConfigMap}\", key bucket-policy.json, to its policy.");
}
