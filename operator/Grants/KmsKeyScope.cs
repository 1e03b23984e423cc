using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Grants;

/// <summary>
/// The KMS key that a policy has to name. An alias in a policy's resource means the alias itself and not the key behind it, so a key that is
/// known by its alias alone is any key that has this alias.
/// </summary>
/// <param name="Resource">The key's ARN; with wildcards where the configuration does not say.</param>
/// <param name="Alias">The alias that the key must have (<c>alias/...</c>); null if the resource names the key.</param>
/// <param name="ViaService">S3 as KMS names it when it asks for a key on somebody's behalf.</param>
internal sealed record KmsKeyScope(string Resource, string? Alias, string ViaService)
{
    public const string ViaServiceKey = "kms:ViaService";
    public const string AliasesKey = "kms:ResourceAliases";

    /// <summary>The key of a configuration; null if it needs no right to any.</summary>
    /// <param name="driver">The configuration.</param>
    /// <param name="keyArn">The ARN of the key that objects are encrypted with, if it is known: <c>keyid</c> resolved, or the bucket's default.</param>
    public static KmsKeyScope? Of(S3Driver driver, string? keyArn)
    {
        string partition = BucketArn.PartitionOf(driver.Region);
        string via = $"s3.{driver.Region}.amazonaws.com{(partition == "aws-cn" ? ".cn" : "")}";
        if (keyArn is not null)
        {
            return new KmsKeyScope(keyArn, null, via);
        }

        if (driver.KeyId is null)
        {
            return null;
        }

        var name = KmsKeyName.Parse(driver.KeyId);
        if (driver.RegionEndpoint is not null && name.Region is null)
        {
            // Another store's key is the store's own affair: its policies know no action of KMS.
            return null;
        }

        string prefix = $"arn:{partition}:kms:{name.Region ?? driver.Region}:{name.Account ?? "*"}";
        return name.IsAlias ? new KmsKeyScope($"{prefix}:key/*", name.Resource, via) : new KmsKeyScope($"{prefix}:{name.Resource}", null, via);
    }

    /// <summary>One key without wildcards, for a simulation; the account and the id are made up where the configuration does not say.</summary>
    public string Sample()
    {
        string[] parts = Resource.Split(':', 6);
        parts[4] = parts[4] == "*" ? "123456789012" : parts[4];
        parts[5] = parts[5] == "key/*" ? "key/00000000-0000-0000-0000-000000000000" : parts[5];
        return string.Join(':', parts);
    }

    /// <summary>The condition keys that S3's request for the key carries.</summary>
    public Dictionary<string, string> Context()
    {
        var context = new Dictionary<string, string> { [ViaServiceKey] = ViaService };
        if (Alias is not null)
        {
            context[AliasesKey] = Alias;
        }

        return context;
    }
}
