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

    /// <summary>Asks; a store without a token service (most besides AWS) is no failure, missing or refused credentials are.</summary>
    public static async Task<(CheckIdentity? Identity, CheckResult Result)> RunAsync(S3Driver driver, CancellationToken cancellationToken)
    {
        using AmazonSecurityTokenServiceClient client = S3ClientFactory.CreateSts(driver);
        string? role = Environment.GetEnvironmentVariable("AWS_ROLE_ARN") is { Length: > 0 } arn ? arn : null;
        AWSCredentials credentials;
        try
        {
            credentials = S3ClientFactory.ConfiguredCredentials(driver)
                ?? await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(client.Config).WaitAsync(cancellationToken);
            // It tells which credentials it has, and asks for others while there is no file.
            credentials = credentials is CredentialsFile file ? await file.CurrentAsync().WaitAsync(cancellationToken) : credentials;
        }
        catch (AmazonClientException e)
        {
            return (null, new CheckResult(Name, CheckOutcome.Failed, null, null, CredentialsAnswer.Absent(e, NamedCredentialsFile.Original)));
        }

        string source = driver.AccessKey is not null ? CheckIdentity.ConfigSource : SourceOf(credentials);
        var identity = new CheckIdentity(null, source, role);
        try
        {
            await credentials.GetCredentialsAsync().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or InvalidOperationException or TimeoutException or OperationCanceledException)
        {
            return (identity, credentials is AssumeRoleWithWebIdentityCredentials web ? RefusedRole(driver, web, e) : Refused(source, e));
        }

        return await AskAsync(driver, client, identity, cancellationToken);
    }

    private static CheckResult RefusedRole(S3Driver driver, AssumeRoleWithWebIdentityCredentials web, Exception e)
    {
        string? token = File.Exists(web.WebIdentityTokenFile) ? File.ReadAllText(web.WebIdentityTokenFile) : null;
        (CheckOutcome outcome, string message) = CredentialsAnswer.RefusedRole(
            e, web.RoleArn, web.WebIdentityTokenFile, token, S3ClientFactory.TokenServiceUrl(driver) ?? $"AWS STS in {driver.Region}", TimeProvider.System);
        return new CheckResult(Name, outcome, "sts:AssumeRoleWithWebIdentity", web.RoleArn, message);
    }

    private static CheckResult Refused(string source, Exception e)
    {
        (CheckOutcome outcome, string message) = CredentialsAnswer.Refused(e, source);
        return new CheckResult(Name, outcome, null, null, message);
    }

    private static async Task<(CheckIdentity Identity, CheckResult Result)> AskAsync(
        S3Driver driver, AmazonSecurityTokenServiceClient client, CheckIdentity identity, CancellationToken cancellationToken)
    {
        var result = new CheckResult(Name, CheckOutcome.Passed, Action, null, "");
        try
        {
            GetCallerIdentityResponse response = await client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellationToken);
            return (identity with { Arn = response.Arn }, result with { Message = $"the registry is {response.Arn}" });
        }
        catch (AmazonServiceException e) when (driver.IsAws && CredentialsAnswer.WrongKeys(e.ErrorCode) is { } message)
        {
            return (identity, result with { Outcome = CheckOutcome.Failed, Message = message });
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or TimeoutException or OperationCanceledException)
        {
            // With keys of its own the registry needs no token service, and many networks let none through.
            string told = identity.Source == CheckIdentity.WebIdentitySource
                ? $"the token service gave the role {identity.Role}, and does not say more of who the registry is"
                : $"the store has no token service that says who the registry is, or it cannot be reached ({(e is AmazonServiceException { StatusCode: not 0 } answer ? $"{answer.StatusCode}" : CredentialsAnswer.Why(e))})";
            return (identity, result with { Outcome = CheckOutcome.Skipped, Message = told });
        }
    }

    private static string SourceOf(AWSCredentials credentials) => credentials switch
    {
        EnvironmentVariablesAWSCredentials => CheckIdentity.EnvironmentSource,
        AssumeRoleWithWebIdentityCredentials => CheckIdentity.WebIdentitySource,
        GenericContainerCredentials => CheckIdentity.ContainerSource,
        _ when credentials.GetType().Name.Contains("InstanceProfile", StringComparison.Ordinal) => CheckIdentity.InstanceSource,
        _ => CheckIdentity.ProfileSource,
    };
}
