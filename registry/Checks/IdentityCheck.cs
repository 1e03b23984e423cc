using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Registry.Storage.Drivers.S3;

namespace LocalRegistry.Registry.Checks;

/// <summary>Finds out who the registry is, and where its credentials come from.</summary>
internal static class IdentityCheck
{
    private const string Name = "Identity";
    private const string Action = "sts:GetCallerIdentity";

    /// <summary>Asks; a store without a token service (most besides AWS) is no failure, missing credentials are.</summary>
    public static async Task<(CheckIdentity? Identity, CheckResult Result)> RunAsync(S3Driver driver, CancellationToken cancellationToken)
    {
        using AmazonSecurityTokenServiceClient client = S3ClientFactory.CreateSts(driver);
        string source;
        try
        {
            AWSCredentials credentials = S3ClientFactory.ConfiguredCredentials(driver)
                ?? await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(client.Config);
            await credentials.GetCredentialsAsync();
            source = driver.AccessKey is not null ? "config" : SourceOf(credentials);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException)
        {
            return (null, new CheckResult(Name, CheckOutcome.Failed, null, null,
                $"no credentials: give the ServiceAccount a role, or name a credentials file in a Secret ({e.Message.ReplaceLineEndings(" ").Trim()})"));
        }

        try
        {
            GetCallerIdentityResponse response = await client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellationToken);
            return (new CheckIdentity(response.Arn, source), new CheckResult(Name, CheckOutcome.Passed, Action, null, $"the registry is {response.Arn}"));
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (new CheckIdentity(null, source), new CheckResult(Name, CheckOutcome.Skipped, Action, null, $"the store has no token service that says who the registry is ({(e as AmazonServiceException)?.StatusCode.ToString() ?? e.Message})"));
        }
    }

    private static string SourceOf(AWSCredentials credentials) => credentials switch
    {
        EnvironmentVariablesAWSCredentials => "environment",
        AssumeRoleWithWebIdentityCredentials => "web-identity",
        GenericContainerCredentials => "container",
        _ when credentials.GetType().Name.Contains("InstanceProfile", StringComparison.Ordinal) => "instance",
        _ => "profile",
    };
}
