using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>
/// Holds the bucket's default encryption against what the resource requires and against what the registry writes with. Since 2023 every bucket
/// on AWS encrypts in some way, so that it does says little; that it does in the way that is meant says all.
/// </summary>
internal sealed class EncryptionCheck : ICheck<BucketFacts>
{
    public CheckDefinition Definition { get; } = new("encryption", ConditionTypes.BucketEncrypted, Severity.Enforce);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context) => facts.Encryption switch
    {
        null => Unanswered.NotRead(context),
        { Value: { } encryption } => Require(encryption, facts, context) ?? Compare(encryption, facts, context),
        { IsAbsent: true } => CheckAnswer.Fail(
            Reasons.NotEncrypted, $"Bucket \"{context.Driver.Bucket}\" has no default encryption. {Follow(context, null)}Set it: {PutCommand(context, null)}"),
        // Whether the bucket encrypts is what all of this is for: that it cannot be told does not pass for a yes.
        { Failure.Kind: AwsFailureKind.Unsupported } when !context.IsAws => CheckAnswer.Unknown(
            Reasons.NotSupportedByStore,
            $"The store{Unanswered.At(context.Driver)} cannot tell the default encryption of bucket \"{context.Driver.Bucket}\". If you know that it encrypts, "
            + "set spec.validation.checks.encryption to Warn."),
        { Failure: { } failure } => Unanswered.Because(failure, $"the default encryption of bucket \"{context.Driver.Bucket}\"", context),
        _ => Unanswered.NotRead(context),
    };

    private static CheckAnswer? Require(BucketEncryption bucket, BucketFacts facts, CheckContext context)
    {
        if (context.Spec.Validation.Encryption is not { } required)
        {
            return null;
        }

        bool otherKey = required.KeyId is { } key && (!bucket.UsesKms || Means(key, bucket, facts) != true);
        bool otherAlgorithm = required.Algorithm is { } algorithm && algorithm != bucket.Algorithm;
        if (otherKey || otherAlgorithm || (required.BucketKey is { } bucketKey && bucketKey != bucket.BucketKey))
        {
            return CheckAnswer.Fail(
                Reasons.EncryptionNotAsRequired,
                $"spec.validation.encryption requires {Describe(required.Algorithm, required.KeyId, required.BucketKey)}, but bucket \"{context.Driver.Bucket}\" "
                + $"encrypts with {Describe(bucket.Algorithm, bucket.UsesKms ? NameOf(bucket) : null, bucket.UsesKms ? bucket.BucketKey : null)} by default. "
                + $"{Follow(context, bucket)}Change the bucket: {PutCommand(context, bucket)}");
        }

        return null;
    }

    private static CheckAnswer Compare(BucketEncryption bucket, BucketFacts facts, CheckContext context)
    {
        S3Driver driver = context.Driver;
        if (!driver.Encrypt)
        {
            return Verified(driver, bucket, "applies to what the registry writes");
        }

        // What the registry asks for on every write goes before the bucket's default, so the two must agree.
        string written = driver.EncryptionMethod!;
        if (bucket.Algorithm != written)
        {
            string fix = Repair(driver, bucket.Algorithm, bucket.KeyId);
            return CheckAnswer.Fail(
                Reasons.AlgorithmMismatch,
                $"The configuration writes with {written}, but bucket \"{driver.Bucket}\" encrypts with {bucket.Algorithm} by default. "
                + $"{char.ToUpperInvariant(fix[0])}{fix[1..]}{OrChange(context, bucket, written)}");
        }

        // Of KMS without a key's name, S3 takes the key that AWS manages.
        string? writtenKey = driver.KeyId ?? (driver.Dsse ? KmsKeyName.ManagedByAws : null);
        if (writtenKey is null)
        {
            return Verified(driver, bucket, "is what the configuration writes with");
        }

        return Means(writtenKey, bucket, facts) switch
        {
            true => Verified(driver, bucket, "is what the configuration writes with"),
            false => CheckAnswer.Fail(
                Reasons.KeyMismatch,
                $"The configuration writes with KMS key \"{writtenKey}\", but bucket \"{driver.Bucket}\" encrypts with \"{NameOf(bucket)}\" by default. "
                + $"Set spec.config.storage.s3.keyid to \"{NameOf(bucket)}\"{OrChange(context, bucket, written)}"),
            null => CheckAnswer.Unknown(
                Reasons.KeyNotComparable,
                $"The configuration writes with KMS key \"{writtenKey}\" and bucket \"{driver.Bucket}\" names \"{NameOf(bucket)}\": one is an alias, the other is not, "
                + $"and KMS did not tell which key the alias means. Set spec.config.storage.s3.keyid to \"{NameOf(bucket)}\", or allow the operator kms:DescribeKey on both."),
        };
    }

    // An alias and an id are the same key if KMS gives the same ARN for both.
    private static bool? Means(string key, BucketEncryption bucket, BucketFacts facts)
    {
        var named = KmsKeyName.Parse(key);
        var byDefault = KmsKeyName.Parse(NameOf(bucket));
        if (named.Means(byDefault) is { } told)
        {
            return told;
        }

        KmsKeyState? state = named.IsAlias ? facts.WrittenKey?.Value : (facts.DefaultKey ?? facts.WrittenKey)?.Value;
        return state is null ? null : KmsKeyName.Parse(state.Arn).Means(named.IsAlias ? byDefault : named);
    }

    private static string NameOf(BucketEncryption bucket) => bucket.KeyId ?? KmsKeyName.ManagedByAws;

    private static CheckAnswer Verified(S3Driver driver, BucketEncryption bucket, string how)
    {
        string key = bucket.KeyId is null ? "" : $" (key \"{bucket.KeyId}\")";
        return CheckAnswer.Pass(Reasons.EncryptionVerified, $"Default encryption {bucket.Algorithm}{key} of bucket \"{driver.Bucket}\" {how}.");
    }

    private static string Describe(string? algorithm, string? key, bool? bucketKey)
    {
        IEnumerable<string?> parts =
        [
            algorithm,
            key is null ? null : $"key \"{key}\"",
            bucketKey is null ? null : bucketKey.Value ? "a bucket key" : "no bucket key",
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    // A bucket that is as the resource requires is not the one to change.
    private static string OrChange(CheckContext context, BucketEncryption bucket, string written)
    {
        bool required = context.Spec.Validation.Encryption is { } encryption && (encryption.KeyId is not null || (encryption.Algorithm is { } algorithm && algorithm != written));
        return required ? "." : $"; or change the bucket: {PutCommand(context.Driver, written, context.Driver.KeyId, BucketKeyOf(context, bucket, written))}";
    }

    // Where the bucket alone would be changed, the configuration would be what does not agree next.
    private static string Follow(CheckContext context, BucketEncryption? now)
    {
        S3Driver driver = context.Driver;
        (string algorithm, string? key) = Wanted(context, now);
        if (!driver.Encrypt || (algorithm == driver.EncryptionMethod && (driver.KeyId is null || KmsKeyName.Parse(driver.KeyId).Means(KmsKeyName.Parse(key ?? KmsKeyName.ManagedByAws)) != false)))
        {
            return "";
        }

        return $"The configuration writes in another way, too: {Repair(driver, algorithm, key)}. ";
    }

    // What makes the configuration write so; without a key's name it writes with no KMS key, so it is left to the bucket's default then.
    private static string Repair(S3Driver driver, string algorithm, string? key)
    {
        const string Where = "spec.config.storage.s3";
        bool byDefault = algorithm == BucketEncryption.SseKms && key is null;
        bool isKms = algorithm != BucketEncryption.SseS3 && !byDefault;
        string[] removed =
        [
            .. byDefault ? ["encrypt"] : Array.Empty<string>(),
            .. !isKms && driver.KeyId is not null ? ["keyid"] : Array.Empty<string>(),
            .. driver.Dsse && algorithm != BucketEncryption.Dsse ? ["dsse"] : Array.Empty<string>(),
        ];
        bool otherKey = isKms && key is not null && (driver.KeyId is null || KmsKeyName.Parse(driver.KeyId).Means(KmsKeyName.Parse(key)) == false);
        string?[] changes =
        [
            algorithm == BucketEncryption.Dsse && !driver.Dsse ? $"set {Where}.dsse to true" : null,
            otherKey ? $"set {Where}.keyid to \"{key}\"" : null,
            removed.Length == 0 ? null : $"remove {string.Join(" and ", removed)} from {Where}",
        ];
        return string.Join(" and ", changes.OfType<string>());
    }

    private static string PutCommand(CheckContext context, BucketEncryption? now)
    {
        (string algorithm, string? key) = Wanted(context, now);
        return PutCommand(context.Driver, algorithm, key, BucketKeyOf(context, now, algorithm));
    }

    // What the resource requires; for the rest what the configuration writes with, or else what the bucket has.
    private static (string Algorithm, string? Key) Wanted(CheckContext context, BucketEncryption? now)
    {
        EncryptionSpec? required = context.Spec.Validation.Encryption;
        string? algorithm = required?.Algorithm;
        string? key = required?.KeyId ?? context.Driver.KeyId ?? (now is { UsesKms: true } && algorithm != BucketEncryption.SseS3 ? now.KeyId : null);
        algorithm ??= context.Driver.Dsse ? BucketEncryption.Dsse : key is null ? BucketEncryption.SseS3 : now is { UsesKms: true } ? now.Algorithm : BucketEncryption.SseKms;
        return (algorithm, algorithm == BucketEncryption.SseS3 ? null : key);
    }

    // The command sets the default whole: a bucket key that is there would be lost.
    private static bool? BucketKeyOf(CheckContext context, BucketEncryption? now, string algorithm) => context.Spec.Validation.Encryption?.BucketKey
        ?? (algorithm == BucketEncryption.SseKms && now is { UsesKms: true, BucketKey: true } ? true : null);

    private static string PutCommand(S3Driver driver, string algorithm, string? key, bool? bucketKey)
    {
        string keyId = key is null ? "" : $",\"KMSMasterKeyID\":\"{key}\"";
        string saves = bucketKey is null ? "" : $",\"BucketKeyEnabled\":{(bucketKey.Value ? "true" : "false")}";
        return AwsCommand.S3Api(
            driver,
            "put-bucket-encryption",
            "--server-side-encryption-configuration",
            $"{{\"Rules\":[{{\"ApplyServerSideEncryptionByDefault\":{{\"SSEAlgorithm\":\"{algorithm}\"{keyId}}}{saves}}}]}}");
    }
}
