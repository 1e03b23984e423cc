using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Aws;

/// <summary>Asks S3, or a store that speaks like it.</summary>
internal sealed class S3BucketInspector : IBucketInspector
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    // With the client's own retries this bounds how long a store that swallows packets can hold up a reconciliation.
    private static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(12);

    public async Task<BucketState> ReadEncryptionAsync(S3Driver driver, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(TotalTimeout);
        try
        {
            using var client = new AmazonS3Client(await OperatorCredentials.ResolveAsync(deadline.Token), Configure(driver));
            GetBucketEncryptionResponse answer = await client.GetBucketEncryptionAsync(
                new GetBucketEncryptionRequest { BucketName = driver.Bucket }, deadline.Token);
            BucketEncryption? encryption = DefaultOf(answer.ServerSideEncryptionConfiguration);
            // The SDK makes the same empty answer of a bucket without a configuration and of no bucket at all.
            return encryption is null && !await ExistsAsync(client, driver.Bucket, deadline.Token)
                ? new BucketState.Missing()
                : new BucketState.Found(encryption);
        }
        catch (AmazonS3Exception e)
        {
            return Explain(e);
        }
        catch (Exception e) when (e is AmazonServiceException or HttpRequestException or IOException)
        {
            return new BucketState.Unreachable(Root(e));
        }
        catch (AmazonClientException)
        {
            // The SDK throws this before any call when no provider of its chain has credentials.
            return new BucketState.Anonymous();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new BucketState.Unreachable($"no answer within {TotalTimeout.TotalSeconds:0} s");
        }
    }

    private static async Task<bool> ExistsAsync(AmazonS3Client client, string bucket, CancellationToken cancel)
    {
        try
        {
            await client.HeadBucketAsync(new HeadBucketRequest { BucketName = bucket }, cancel);
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            // Who may not list a bucket is forbidden to ask for it, but only if it is there.
            return e.StatusCode == HttpStatusCode.Forbidden;
        }
    }

    private static AmazonS3Config Configure(S3Driver driver)
    {
        var config = new AmazonS3Config { Timeout = CallTimeout, MaxErrorRetry = 1 };
        if (driver.RegionEndpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = driver.Region;
            config.ForcePathStyle = driver.ForcePathStyle;
            // Stores other than AWS's know no trailing checksums.
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(driver.Region);
            config.ForcePathStyle = driver.ForcePathStyle;
            config.UseHttp = !driver.Secure;
        }

        return config;
    }

    // A bucket without a configuration gives no exception but an answer without one.
    private static BucketEncryption? DefaultOf(ServerSideEncryptionConfiguration? configuration)
    {
        ServerSideEncryptionByDefault? rule = configuration?.ServerSideEncryptionRules?.FirstOrDefault()?.ServerSideEncryptionByDefault;
        return rule?.ServerSideEncryptionAlgorithm?.Value is { Length: > 0 } algorithm
            ? new BucketEncryption(algorithm, string.IsNullOrEmpty(rule.ServerSideEncryptionKeyManagementServiceKeyId) ? null : rule.ServerSideEncryptionKeyManagementServiceKeyId)
            : null;
    }

    private static BucketState Explain(AmazonS3Exception e) => e switch
    {
        { ErrorCode: "ServerSideEncryptionConfigurationNotFoundError" } => new BucketState.Found(null),
        { ErrorCode: "NoSuchBucket" } => new BucketState.Missing(),
        { ErrorCode: "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" } =>
            new BucketState.Elsewhere(e.Message),
        { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } => new BucketState.Denied($"{e.ErrorCode}: {e.Message}"),
        _ => new BucketState.Unreachable(Root(e)),
    };

    private static string Root(Exception e)
    {
        string message = e.GetBaseException().Message;
        return message.Length == 0 ? e.GetType().Name : message;
    }
}
