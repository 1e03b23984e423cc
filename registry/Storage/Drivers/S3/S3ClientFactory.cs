using Amazon;
using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.S3;
using Amazon.SecurityToken;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Telemetry;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>Makes the AWS clients that a configuration asks for.</summary>
internal static class S3ClientFactory
{
    private const string MetadataDisabled = "AWS_EC2_METADATA_DISABLED";
    private const string SessionName = "AWS_ROLE_SESSION_NAME";

    /// <summary>The pieces in which the SDK gives a body to the connection, in bytes; each is a call of the system.</summary>
    private const int BodyBuffer = 64 * 1024;

    private static readonly string[] RoleVariables =
        ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];

    private static readonly TimeSpan TokenServiceTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The credentials of <c>accesskey</c> and <c>secretkey</c>, or of a shared credentials file; null for the rest of the AWS chain.</summary>
    public static AWSCredentials? ConfiguredCredentials(S3Driver driver) =>
        driver.AccessKey is null ? CredentialsFile.FromEnvironment() : new BasicAWSCredentials(driver.AccessKey, driver.SecretKey);

    /// <param name="driver">What the configuration says of the bucket.</param>
    /// <param name="metrics">Counts each request; null for nobody.</param>
    /// <param name="timeouts">How long the store is waited for; null for as long as usual.</param>
    public static AmazonS3Client CreateS3(S3Driver driver, RegistryMetrics? metrics = null, S3Timeouts? timeouts = null)
    {
        Prepare(driver);
        AmazonS3Config config = ConfigOf(driver, metrics, timeouts);
        AWSCredentials? credentials = ConfiguredCredentials(driver);
        return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }

    private static AmazonS3Config ConfigOf(S3Driver driver, RegistryMetrics? metrics, S3Timeouts? timeouts)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = driver.ForcePathStyle,
            UseHttp = !driver.Secure,
            Timeout = Timeout.InfiniteTimeSpan,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 3,
            BufferSize = BodyBuffer,
            HttpClientFactory = new S3HttpClientFactory(driver.SkipVerify, driver.UserAgent, timeouts ?? new S3Timeouts(), metrics),
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
            config.UseAccelerateEndpoint = driver.Accelerate;
            UseVariants(config, driver);
        }

        return config;
    }

    /// <summary>The token service that belongs to the bucket's store: AWS's, or the custom endpoint's own.</summary>
    public static AmazonSecurityTokenServiceClient CreateSts(S3Driver driver)
    {
        Prepare(driver);
        AWSCredentials? credentials = ConfiguredCredentials(driver);
        return credentials is null
            ? new AmazonSecurityTokenServiceClient(TokenServiceConfig(driver))
            : new AmazonSecurityTokenServiceClient(credentials, TokenServiceConfig(driver));
    }

    /// <summary>Where the token service is, if not where AWS has it in the bucket's region.</summary>
    public static string? TokenServiceUrl(S3Driver driver) =>
        Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_STS") is { Length: > 0 } url ? url
        : driver.IsAws ? null
        : driver.RegionEndpoint!.ToString().TrimEnd('/');

    private static AmazonSecurityTokenServiceConfig TokenServiceConfig(S3Driver driver)
    {
        var config = new AmazonSecurityTokenServiceConfig { Timeout = TokenServiceTimeout, MaxErrorRetry = 2 };
        if (TokenServiceUrl(driver) is { } url)
        {
            config.ServiceURL = url;
            config.AuthenticationRegion = driver.Region;
            config.HttpClientFactory = new S3HttpClientFactory(driver.SkipVerify && !driver.IsAws, driver.UserAgent, new S3Timeouts());
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(driver.Region);
            UseVariants(config, driver);
        }

        return config;
    }

    // Left alone if not asked for, so that AWS_USE_DUALSTACK_ENDPOINT and AWS_USE_FIPS_ENDPOINT keep their say.
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

    private static void Prepare(S3Driver driver)
    {
        _ = NamedCredentialsFile.Path;
        // The token of a Kubernetes ServiceAccount is traded for keys by a client that the core finds by reflection, which ahead-of-time
        // compilation leaves nothing of; and the core knows AWS's token service only.
        GlobalRuntimeDependencyRegistry.Instance.RegisterSecurityTokenServiceClient(
            _ => new AmazonSecurityTokenServiceClient(new AnonymousAWSCredentials(), TokenServiceConfig(driver)));
        // Else the SDK makes up a new name in each process, and who the registry is would never stay the same.
        if (Environment.GetEnvironmentVariable(SessionName) is null)
        {
            Environment.SetEnvironmentVariable(SessionName, "localregistry");
        }

        // A pod that asks for a role of its own never falls back to its node's, which may do other things.
        if (AsksForRole() && Environment.GetEnvironmentVariable(MetadataDisabled) is null)
        {
            Environment.SetEnvironmentVariable(MetadataDisabled, "true");
        }
    }

    private static bool AsksForRole() =>
        RoleVariables.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
}
