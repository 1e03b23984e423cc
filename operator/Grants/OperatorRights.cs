using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Grants;

/// <summary>What the operator's own identity needs: to look at settings. No right to any object, nor to a list of them.</summary>
internal static class OperatorRights
{
    private static readonly (string Action, string Why)[] OnBucket =
    [
        ("s3:GetBucketLocation", "the bucket's region is compared with the configuration's"),
        ("s3:GetEncryptionConfiguration", "the bucket's default encryption is compared with what the configuration writes"),
        ("s3:GetBucketPolicy", "the bucket's policy is looked through for what denies unencrypted uploads and plain http"),
        ("s3:GetBucketPolicyStatus", "a bucket that its policy makes public is found with it"),
        ("s3:GetBucketPublicAccessBlock", "a bucket that could be made public is found with it"),
        ("s3:GetBucketOwnershipControls", "a bucket whose objects carry access lists of their own is found with it"),
        ("s3:GetLifecycleConfiguration", "rules that delete or freeze images, or leave interrupted uploads, are found with it"),
        ("s3:GetBucketVersioning", "whether deleted content is kept is told with it"),
    ];

    /// <param name="driver">The configuration.</param>
    /// <param name="keyArn">The ARN of the KMS key that objects are encrypted with, if it is known: <c>keyid</c> resolved, or the bucket's default.</param>
    /// <param name="principalArn">The registry's role or user; null if it is not known, and then nothing is asked of IAM.</param>
    public static IReadOnlyList<Right> For(S3Driver driver, string? keyArn, string? principalArn)
    {
        string bucket = BucketArn.Of(driver);
        List<Right> rights = [.. OnBucket.Select(r => new Right(r.Action, bucket, bucket, RightContext.Request(driver), r.Why))];
        if (KmsKeyScope.Of(driver, keyArn) is { } key)
        {
            Dictionary<string, string> aliases = key.Alias is null ? [] : new() { [KmsKeyScope.AliasesKey] = key.Alias };
            rights.Add(new Right("kms:DescribeKey", key.Resource, key.Sample(), aliases, "a key that is disabled, deleted or of the wrong kind is found with it"));
        }

        if (principalArn is not null)
        {
            rights.Add(new Right("iam:SimulatePrincipalPolicy", principalArn, principalArn, None, "what the registry's identity may do is asked with it"));
            if (principalArn.Contains(":role/", StringComparison.Ordinal))
            {
                rights.Add(new Right("iam:GetRole", principalArn, principalArn, None, "the role behind a session is found with it, and what bounds it"));
            }
        }

        return rights;
    }

    private static readonly Dictionary<string, string> None = [];
}
