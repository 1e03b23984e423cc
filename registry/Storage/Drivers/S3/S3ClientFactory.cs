using Amazon;
using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.S3;
using Amazon.SecurityToken;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>Makes the AWS clients that a configuration asks for.</summary>
internal static class S3ClientFactory
{
    /// <summary>How long one request may take up to its response's headers, upload included.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The credentials of <c>accesskey</c> and <c>secretkey</c>, or of a shared credentials file; null for the rest of the AWS chain.</summary>
    public static AWSCredentials? ConfiguredCredentials(S3Driver driver) =>
        driver.AccessKey is null ? CredentialsFile.FromEnvironment() : new BasicAWSCredentials(driver.AccessKey, driver.SecretKey);

    public static AmazonS3Client CreateS3(S3Driver driver)
    {
        RegisterTokenService();
        var config = new AmazonS3Config
        {
            ForcePathStyle = driver.ForcePathStyle,
            UseHttp = !driver.Secure,
            Timeout = RequestTimeout,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 3,
            HttpClientFactory = new S3HttpClientFactory(),
        };
        if (driver.RegionEndpoint is { } endpoint)
        {
            // Other stores' support of AWS's newer checksum trailers is uneven.
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = driver.Region;
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(driver.Region);
        }

        AWSCredentials? credentials = ConfiguredCredentials(driver);
        return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }

    /// <summary>The token service that belongs to the bucket's store: AWS's, or the custom endpoint's own.</summary>
    public static AmazonSecurityTokenServiceClient CreateSts(S3Driver driver)
    {
        var config = new AmazonSecurityTokenServiceConfig
        {
            Timeout = TimeSpan.FromSeconds(5),
            MaxErrorRetry = 1,
            RegionEndpoint = driver.RegionEndpoint is null ? RegionEndpoint.GetBySystemName(driver.Region) : null,
        };
        if (driver.RegionEndpoint is { } endpoint && Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_STS") is null)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = driver.Region;
        }

        AWSCredentials? credentials = ConfiguredCredentials(driver);
        return credentials is null ? new AmazonSecurityTokenServiceClient(config) : new AmazonSecurityTokenServiceClient(credentials, config);
    }

    // The web identity of a Kubernetes service account is traded for keys by a client that the core finds by reflection,
    // which ahead-of-time compilation leaves nothing of.
    private static void RegisterTokenService() => GlobalRuntimeDependencyRegistry.Instance.RegisterSecurityTokenServiceClient(
        context => new AmazonSecurityTokenServiceClient(new AnonymousAWSCredentials(), context.SecurityTokenServiceClientContextData.Region));
}
