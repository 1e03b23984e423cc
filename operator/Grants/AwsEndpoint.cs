using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Grants;

/// <summary>Tells AWS from the stores that speak like it.</summary>
internal static class AwsEndpoint
{
    /// <summary>Whether a configuration's bucket is AWS's own: an endpoint may be one of AWS's too, such as that of a private link.</summary>
    public static bool Serves(S3Driver driver) => driver.RegionEndpoint is not { } endpoint
        || endpoint.Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase)
        || endpoint.Host.EndsWith(".amazonaws.com.cn", StringComparison.OrdinalIgnoreCase);
}
