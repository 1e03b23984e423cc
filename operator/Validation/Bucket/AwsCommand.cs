using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>Commands that a user can copy.</summary>
internal static class AwsCommand
{
    /// <summary>An <c>aws s3api</c> command about the bucket.</summary>
    /// <param name="driver">The bucket.</param>
    /// <param name="subcommand">Such as <c>put-bucket-encryption</c>.</param>
    /// <param name="option">The option that takes the JSON, with its dashes.</param>
    /// <param name="json">The JSON.</param>
    public static string S3Api(S3Driver driver, string subcommand, string option, string json)
    {
        string endpoint = driver.RegionEndpoint is null ? "" : $" --endpoint-url {driver.RegionEndpoint.GetLeftPart(UriPartial.Authority)}";
        return $"aws{endpoint} s3api {subcommand} --bucket {driver.Bucket} {option} '{json}'";
    }
}
