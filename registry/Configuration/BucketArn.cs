namespace LocalRegistry.Registry.Configuration;

/// <summary>The Amazon Resource Names of a bucket and of what the registry keeps in it.</summary>
public static class BucketArn
{
    // A region's name says which of the separate worlds of AWS it lies in. Other stores use the first one's name.
    private static readonly (string RegionPrefix, string Partition)[] Partitions =
    [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-iso-", "aws-iso"),
        ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-isof-", "aws-iso-f"),
        ("eusc-", "aws-eusc"),
    ];

    /// <summary>The partition of a region: <c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c> ...</summary>
    public static string PartitionOf(string region)
    {
        foreach ((string prefix, string partition) in Partitions)
        {
            if (region.StartsWith(prefix, StringComparison.Ordinal))
            {
                return partition;
            }
        }

        return "aws";
    }

    /// <summary>The bucket.</summary>
    public static string Of(S3Driver driver) => $"arn:{PartitionOf(driver.Region)}:s3:::{driver.Bucket}";

    /// <summary>One object, by its whole key.</summary>
    public static string OfObject(S3Driver driver, string key) => $"{Of(driver)}/{key}";

    /// <summary>Every object of the registry, as the resource of a policy's statement.</summary>
    public static string OfObjects(S3Driver driver) => OfObject(driver, $"{Literal(driver.ObjectPrefix)}*");

    // What stands for something else in a policy must be written in another way to stand for itself.
    private static string Literal(string key) => string.Concat(key.Select(c => c is '*' or '?' or '$' ? $"${{{c}}}" : c.ToString()));
}
