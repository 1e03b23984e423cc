using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Grants;

/// <summary>
/// The bucket's policy: it denies what must not be, to everyone, and allows nothing. It never denies what the configuration itself does: without
/// <c>encrypt</c> uploads carry no header, and with <c>secure: false</c> there is no TLS.
/// </summary>
internal static class BucketPolicy
{
    /// <param name="driver">The configuration.</param>
    /// <param name="keyArn">The ARN that the configuration's KMS key has, if it is known.</param>
    /// <returns>The policy; null if the configuration leaves nothing to deny.</returns>
    public static PolicyDocument? Build(S3Driver driver, string? keyArn)
    {
        var statements = new List<PolicyStatement>();
        if (driver.Encrypt)
        {
            // Stores differ in whether a header that is not there differs from a value, so it is denied by a statement of its own.
            string method = driver.KeyId is null ? "AES256" : "aws:kms";
            statements.Add(DenyUpload(driver, "DenyOtherEncryption", new PolicyCondition("StringNotEquals", RightContext.Encryption, method)));
            statements.Add(DenyUpload(driver, "DenyNoEncryption", new PolicyCondition("Null", RightContext.Encryption, "true")));
        }

        if (driver.KeyId is not null && NamesOf(driver.KeyId, driver.Region, keyArn) is { } names)
        {
            string differs = names.Any(n => n.Contains('*', StringComparison.Ordinal)) ? "StringNotLike" : "StringNotEquals";
            statements.Add(DenyUpload(driver, "DenyOtherKey", new PolicyCondition(differs, RightContext.EncryptionKey, names)));
            statements.Add(DenyUpload(driver, "DenyNoKey", new PolicyCondition("Null", RightContext.EncryptionKey, "true")));
        }

        if (driver.Secure)
        {
            statements.Add(new PolicyStatement
            {
                Sid = "DenyPlainHttp",
                DeniesEveryone = true,
                Actions = ["s3:*"],
                Resources = [BucketArn.Of(driver), $"{BucketArn.Of(driver)}/*"],
                Conditions = [new PolicyCondition("Bool", RightContext.SecureTransport, "false")],
            });
        }

        return statements.Count == 0 ? null : new PolicyDocument(statements);
    }

    // Others may keep things of their own in the bucket, encrypted in their own way.
    private static PolicyStatement DenyUpload(S3Driver driver, string sid, PolicyCondition condition) => new()
    {
        Sid = sid,
        DeniesEveryone = true,
        Actions = ["s3:PutObject"],
        Resources = [BucketArn.OfObjects(driver)],
        Conditions = [condition],
    };

    // The key as the registry's requests name it, and the ARN that this means. For an alias only KMS knows the ARN: without it a statement
    // could deny the registry its own uploads, so there is none.
    private static string[]? NamesOf(string keyId, string region, string? keyArn)
    {
        var name = KmsKeyName.Parse(keyId);
        return (name, keyArn) switch
        {
            (_, not null) => [.. new[] { keyId, keyArn }.Distinct()],
            ({ IsAlias: true }, null) => null,
            ({ Region: not null }, null) => [keyId],
            _ => [keyId, $"arn:{BucketArn.PartitionOf(region)}:kms:{region}:*:{name.Resource}"],
        };
    }
}
