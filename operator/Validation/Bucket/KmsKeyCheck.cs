using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>
/// Asks whether the key that images are encrypted with works. S3 takes any key for a default without looking at it, and says so only when the
/// first object is written or read.
/// </summary>
internal sealed class KmsKeyCheck : ICheck<BucketFacts>
{
    public CheckDefinition Definition { get; } = new("kmsKey", ConditionTypes.BucketEncrypted, Severity.Enforce);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context)
    {
        if (facts.Encryption is null)
        {
            return Unanswered.NotRead(context);
        }

        BucketEncryption? byDefault = facts.Encryption.Value;
        if (context.Driver.KeyId is null && byDefault?.UsesKms != true)
        {
            return CheckAnswer.Skip(Reasons.NotRequired, "No KMS key is involved.");
        }

        string? name = context.Driver.KeyId ?? byDefault?.KeyId;
        if (name is null)
        {
            return CheckAnswer.Pass(Reasons.KeyUsable, $"Bucket \"{context.Driver.Bucket}\" encrypts with the key that AWS manages for S3, which works in its own account only.");
        }

        // Both may be other keys than they should be; the encryption check tells that. Each must work.
        CheckAnswer written = Judge(name, facts.WrittenKey, context);
        return written.Passed && facts.DefaultKey is not null && byDefault?.KeyId is { } other ? Judge(other, facts.DefaultKey, context) : written;
    }

    private static CheckAnswer Judge(string name, AwsAnswer<KmsKeyState>? answer, CheckContext context) => answer switch
    {
        // KMS knows nothing of another region's keys, and says something different about each.
        _ when KmsKeyName.Parse(name).Region is { } region && region != context.Driver.Region => CheckAnswer.Fail(
            Reasons.KeyElsewhere, $"KMS key \"{name}\" is in region {region}; S3 takes keys of the bucket's own region, {context.Driver.Region}, only. Name one of that region in {Named(context.Driver)}."),
        null => Unanswered.NotRead(context),
        { IsAbsent: true } => CheckAnswer.Fail(
            Reasons.KeyNotFound, $"KMS key \"{name}\" does not exist in region {context.Driver.Region}. Create it, or name another in {Named(context.Driver)}."),
        { Failure: { } failure } => Unanswered.Because(failure, $"KMS key \"{name}\"", context),
        { Value: { } key } => Judge(name, key, context.Driver),
        _ => Unanswered.NotRead(context),
    };

    private static CheckAnswer Judge(string name, KmsKeyState key, S3Driver driver)
    {
        if (key.Spec is not ("SYMMETRIC_DEFAULT" or "") || key.Usage is not ("ENCRYPT_DECRYPT" or ""))
        {
            return CheckAnswer.Fail(Reasons.KeyUnsuitable, $"KMS key \"{name}\" is of kind {key.Spec} for {key.Usage}; S3 takes symmetric encryption keys only. Name another in {Named(driver)}.");
        }

        return key.State switch
        {
            "Enabled" => CheckAnswer.Pass(Reasons.KeyUsable, $"KMS key \"{name}\" is enabled."),
            "Disabled" => CheckAnswer.Fail(
                Reasons.KeyDisabled, $"KMS key \"{name}\" is disabled, so nothing can be read or written. Enable it: aws kms enable-key --region {driver.Region} --key-id {key.Arn}"),
            "PendingDeletion" => CheckAnswer.Fail(
                Reasons.KeyPendingDeletion,
                $"KMS key \"{name}\" is about to be deleted, and every image with it. Stop that: aws kms cancel-key-deletion --region {driver.Region} --key-id {key.Arn} "
                + $"&& aws kms enable-key --region {driver.Region} --key-id {key.Arn}"),
            _ => CheckAnswer.Fail(Reasons.KeyDisabled, $"KMS key \"{name}\" cannot be used: its state is {key.State}. Bring it to state Enabled, or name another in {Named(driver)}."),
        };
    }

    private static string Named(S3Driver driver) => driver.KeyId is null ? "the bucket's default encryption" : "spec.config.storage.s3.keyid and in the bucket's default encryption";
}
