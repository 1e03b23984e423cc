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
    public static string S3Api(S3Driver driver, string subcommand, string option, string json) =>
        $"{S3Api(driver)} {subcommand} --bucket {driver.Bucket} {option} '{json}'";

    /// <summary>What gives a bucket without a policy the one of the resource's ConfigMap. A policy that is there would be lost by it.</summary>
    public static string PutPolicy(CheckContext context) =>
        $"kubectl get configmap {context.PoliciesConfigMap} --namespace {context.Owner.Namespace} -o jsonpath='{{.data.bucket-policy\\.json}}' > policy.json && "
        + $"{S3Api(context.Driver)} put-bucket-policy --bucket {context.Driver.Bucket} --policy file://policy.json";

    private static string S3Api(S3Driver driver) =>
        $"aws{(driver.RegionEndpoint is null ? "" : $" --endpoint-url {driver.RegionEndpoint.GetLeftPart(UriPartial.Authority)}")} s3api";
}
