using Amazon;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.S3;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Aws;

/// <summary>How the operator's AWS clients are set up: short timeouts, few retries, and the store that the configuration names.</summary>
internal static class AwsClients
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    public static AmazonS3Config S3(S3Driver driver)
    {
        var config = new AmazonS3Config { ForcePathStyle = driver.ForcePathStyle };
        Limit(config);
        if (driver.RegionEndpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = driver.Region;
            // Stores other than AWS's know no trailing checksums.
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(driver.Region);
            config.UseHttp = !driver.Secure;
            UseVariants(config, driver);
        }

        if (driver.SkipVerify)
        {
            config.HttpClientFactory = new UnverifiedHttpClientFactory();
        }

        return config;
    }

    /// <summary>KMS in the bucket's region; null where the store is not AWS's and nothing says where its KMS is.</summary>
    public static AmazonKeyManagementServiceConfig? Kms(S3Driver driver)
    {
        if (!driver.IsAws && Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_KMS") is not { Length: > 0 })
        {
            return null;
        }

        var config = new AmazonKeyManagementServiceConfig { RegionEndpoint = RegionEndpoint.GetBySystemName(driver.Region) };
        Limit(config);
        UseVariants(config, driver);
        return config;
    }

    // Left alone if not asked for, so that the SDK's own variables keep their say. A bucket's settings are not to be had through acceleration.
    private static void UseVariants(ClientConfig config, S3Driver driver)
    {
        if (driver.UseDualStack)
        {
            config.UseDualstackEndpoint = true;
        }

        if (driver.UseFipsEndpoint)
        {
            config.UseFIPSEndpoint = true;
        }
    }

    /// <summary>Short timeouts and few retries: a check that gets no answer is made again later.</summary>
    public static void Limit(ClientConfig config)
    {
        config.Timeout = CallTimeout;
        config.MaxErrorRetry = 1;
    }
}
