using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation;

/// <summary>Holds a bucket's default encryption against what the configuration writes with.</summary>
internal static class EncryptionDecision
{
    private const string SseS3 = "AES256";
    private const string SseKms = "aws:kms";

    public static CheckAnswer Decide(S3Driver driver, BucketState state) => state switch
    {
        BucketState.Found { Encryption: { } encryption } => Compare(driver, encryption),
        BucketState.Found => CheckAnswer.Fail(
            Reasons.NotEncrypted,
            $"Bucket \"{driver.Bucket}\" has no default encryption. Set it: {PutCommand(driver)}"),
        BucketState.Missing => CheckAnswer.Fail(
            Reasons.BucketNotFound,
            $"Bucket \"{driver.Bucket}\" does not exist{At(driver)}. Create it, or correct spec.config.storage.s3.bucket or region."),
        BucketState.Elsewhere { Message: var message } => CheckAnswer.Fail(
            Reasons.WrongRegion,
            $"Bucket \"{driver.Bucket}\" is not in region {driver.Region} ({message.TrimEnd('.')}). Correct spec.config.storage.s3.region."),
        BucketState.Denied { Message: var message } => CheckAnswer.Unknown(
            Reasons.CheckNotPermitted,
            $"The operator may not read the default encryption of bucket \"{driver.Bucket}\" ({message}). "
            + $"Allow its identity s3:GetEncryptionConfiguration on arn:aws:s3:::{driver.Bucket}."),
        BucketState.Anonymous => CheckAnswer.Unknown(
            Reasons.NoCredentials,
            $"The operator has no AWS credentials to ask about bucket \"{driver.Bucket}\" with. "
            + "Give its ServiceAccount a role, or make the Secret with a credentials file that its Deployment mounts."),
        BucketState.Unreachable { Message: var message } => CheckAnswer.Unknown(
            Reasons.StoreUnreachable,
            $"The operator could not ask about bucket \"{driver.Bucket}\"{At(driver)}: {message.TrimEnd('.')}. "
            + "Check the endpoint and the network between; this is tried again by itself."),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    private static CheckAnswer Compare(S3Driver driver, BucketEncryption bucket)
    {
        if (!driver.Encrypt)
        {
            return Verified(driver, bucket, "applies to what the registry writes");
        }

        // What the registry asks for on every write goes before the bucket's default, so the two must agree.
        string written = driver.KeyId is null ? SseS3 : SseKms;
        if (bucket.Algorithm != written)
        {
            string fix = (driver.KeyId, bucket) switch
            {
                (null, { Algorithm: SseKms, KeyId: { } key }) => $"Set spec.config.storage.s3.keyid to \"{key}\"",
                _ => "Remove encrypt and keyid from spec.config.storage.s3, so that the bucket's default applies",
            };
            return CheckAnswer.Fail(
                Reasons.AlgorithmMismatch,
                $"The configuration writes with {written}, but bucket \"{driver.Bucket}\" encrypts with {bucket.Algorithm} by default. "
                + $"{fix}; or change the bucket: {PutCommand(driver)}");
        }

        if (driver.KeyId is null)
        {
            return Verified(driver, bucket, "is what the configuration writes with");
        }

        string bucketKey = bucket.KeyId ?? KmsKeyName.ManagedByAws;
        return KmsKeyName.Parse(driver.KeyId).Means(KmsKeyName.Parse(bucketKey)) switch
        {
            true => Verified(driver, bucket, "is what the configuration writes with"),
            false => CheckAnswer.Fail(
                Reasons.KeyMismatch,
                $"The configuration writes with KMS key \"{driver.KeyId}\", but bucket \"{driver.Bucket}\" encrypts with \"{bucketKey}\" by default. "
                + $"Set spec.config.storage.s3.keyid to \"{bucketKey}\"; or change the bucket: {PutCommand(driver)}"),
            null => CheckAnswer.Unknown(
                Reasons.KeyNotComparable,
                $"The configuration names KMS key \"{driver.KeyId}\" and bucket \"{driver.Bucket}\" names \"{bucketKey}\": one is an alias, "
                + $"the other is not, so they cannot be compared. Set spec.config.storage.s3.keyid to \"{bucketKey}\"."),
        };
    }

    private static CheckAnswer Verified(S3Driver driver, BucketEncryption bucket, string how)
    {
        string key = bucket.KeyId is null ? "" : $" (key \"{bucket.KeyId}\")";
        return CheckAnswer.Pass(Reasons.EncryptionVerified, $"Default encryption {bucket.Algorithm}{key} of bucket \"{driver.Bucket}\" {how}.");
    }

    private static string PutCommand(S3Driver driver)
    {
        string algorithm = driver.KeyId is null
            ? $"\"SSEAlgorithm\":\"{SseS3}\""
            : $"\"SSEAlgorithm\":\"{SseKms}\",\"KMSMasterKeyID\":\"{driver.KeyId}\"";
        string endpoint = driver.RegionEndpoint is null ? "" : $" --endpoint-url {driver.RegionEndpoint.GetLeftPart(UriPartial.Authority)}";
        return $"aws{endpoint} s3api put-bucket-encryption --bucket {driver.Bucket} --server-side-encryption-configuration "
            + $"'{{\"Rules\":[{{\"ApplyServerSideEncryptionByDefault\":{{{algorithm}}}}}]}}'";
    }

    private static string At(S3Driver driver) =>
        driver.RegionEndpoint is null ? $" in region {driver.Region}" : $" at {driver.RegionEndpoint.GetLeftPart(UriPartial.Authority)}";
}
