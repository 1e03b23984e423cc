using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Grants;

/// <summary>
/// The bucket's policy: it denies what must not be, to everyone, and allows nothing. It never denies what the configuration itself does: without
/// <c>encrypt</c> uploads carry no header, and with <c>secure: false</c> there is no TLS.
/// <para>
/// Of an upload in parts only the first request says how to encrypt. AWS remembers it, and holds the parts to it. Other stores look for the
/// header on each of them, so that a policy which demands it denies every large layer. There only a header that asks for something else is
/// denied, and what carries none is left to the bucket's default encryption.
/// </para>
/// </summary>
internal static class BucketPolicy
{
    /// <param name="driver">The configuration.</param>
    /// <param name="keyArn">The ARN that the configuration's KMS key has, if it is known.</param>
    /// <returns>The policy; null if the configuration leaves nothing to deny.</returns>
    public static PolicyDocument? Build(S3Driver driver, string? keyArn)
    {
        var statements = new List<PolicyStatement>();
        if (driver.EncryptionMethod is { } method)
        {
            statements.AddRange(DenyUploads(driver, "Encryption", new PolicyCondition("StringNotEquals", RightContext.Encryption, method)));
        }

        if (driver.KeyId is not null && NamesOf(driver.KeyId, driver.Region, keyArn) is { } names)
        {
            string differs = names.Any(n => n.Contains('*', StringComparison.Ordinal)) ? "StringNotLike" : "StringNotEquals";
            statements.AddRange(DenyUploads(driver, "Key", new PolicyCondition(differs, RightContext.EncryptionKey, names)));
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

    // A header that is not there is denied by a statement of its own, as AWS's own examples do it.
    private static PolicyStatement[] DenyUploads(S3Driver driver, string what, PolicyCondition differs) => driver.IsAws
        ? [DenyUpload(driver, $"DenyOther{what}", differs), DenyUpload(driver, $"DenyNo{what}", new PolicyCondition("Null", differs.Key, "true"))]
        : [DenyUpload(driver, $"DenyOther{what}", differs, new PolicyCondition("Null", differs.Key, "false"))];

    // Others may keep things of their own in the bucket, encrypted in their own way.
    private static PolicyStatement DenyUpload(S3Driver driver, string sid, params IReadOnlyList<PolicyCondition> conditions) => new()
    {
        Sid = sid,
        DeniesEveryone = true,
        Actions = ["s3:PutObject"],
        Resources = [BucketArn.OfObjects(driver)],
        Conditions = conditions,
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
