namespace LocalRegistry.Registry.Configuration;

/// <summary>A KMS key as somebody names it: <c>1234abcd-...</c>, <c>alias/registry</c>, or the ARN of either.</summary>
/// <param name="Region">The ARN's region; null if the name is no ARN.</param>
/// <param name="Account">The ARN's account; null if the name is no ARN.</param>
/// <param name="Resource"><c>key/ID</c> or <c>alias/NAME</c>.</param>
public readonly record struct KmsKeyName(string? Region, string? Account, string Resource)
{
    /// <summary>The key that AWS manages for S3, which a bucket uses when it names none.</summary>
    public const string ManagedByAws = "alias/aws/s3";

    /// <summary>Whether it is a name that KMS resolves, not the key's own.</summary>
    public bool IsAlias => Resource.StartsWith("alias/", StringComparison.Ordinal);

    /// <summary>Reads any of the forms.</summary>
    public static KmsKeyName Parse(string text)
    {
        string[] parts = text.Split(':', 6);
        if (parts is ["arn", _, "kms", var region, var account, var resource])
        {
            return new KmsKeyName(region, account, resource);
        }

        return new KmsKeyName(null, null, text.StartsWith("alias/", StringComparison.Ordinal) || text.StartsWith("key/", StringComparison.Ordinal) ? text : $"key/{text}");
    }

    /// <summary>Whether two names mean the same key; null if one is an alias and the other an id, which only KMS can tell.</summary>
    public bool? Means(KmsKeyName other)
    {
        if ((Region is not null && other.Region is not null && Region != other.Region)
            || (Account is not null && other.Account is not null && Account != other.Account))
        {
            return false;
        }

        if (IsAlias != other.IsAlias)
        {
            return null;
        }

        return Resource == other.Resource;
    }
}
