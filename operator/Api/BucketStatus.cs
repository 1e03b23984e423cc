namespace LocalRegistry.Operator.Api;

/// <summary>The bucket as it was last seen.</summary>
public sealed record BucketStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The region that it is reached in.</summary>
    public required string Region { get; init; }

    /// <summary>Its default encryption: <c>AES256</c>, <c>aws:kms</c>, <c>aws:kms:dsse</c> or <c>None</c>; null if it could not be read.</summary>
    public string? Encryption { get; init; }
}
