using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>The calls about one bucket, each with the action that it needs.</summary>
/// <param name="credentials">Who asks.</param>
/// <param name="driver">The bucket.</param>
/// <param name="deadline">Ends the calls; what has not answered by then is unreachable.</param>
/// <param name="cancel">Gives up altogether.</param>
internal sealed class BucketCalls(AWSCredentials credentials, S3Driver driver, CancellationToken deadline, CancellationToken cancel) : IDisposable
{
    private readonly AmazonS3Client _client = new(credentials, AwsClients.S3(driver));

    public Task<AwsAnswer<BucketHome>> HomeAsync(string? expectedOwner) => AskAsync("s3:GetBucketLocation", async () =>
    {
        GetBucketLocationResponse answer = await _client.GetBucketLocationAsync(
            new GetBucketLocationRequest { BucketName = driver.Bucket, ExpectedBucketOwner = expectedOwner }, deadline);
        // The two oldest regions have other names here.
        return new BucketHome(answer.Location?.Value switch { null or "" => "us-east-1", "EU" => "eu-west-1", var region => region });
    });

    public Task<AwsAnswer<BucketEncryption>> EncryptionAsync() => AskAsync("s3:GetEncryptionConfiguration", async () =>
    {
        GetBucketEncryptionResponse answer = await _client.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = driver.Bucket }, deadline);
        // A bucket without a configuration gives no exception but an answer without one.
        ServerSideEncryptionRule? rule = answer.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules?.FirstOrDefault();
        string? key = rule?.ServerSideEncryptionByDefault?.ServerSideEncryptionKeyManagementServiceKeyId;
        return rule?.ServerSideEncryptionByDefault?.ServerSideEncryptionAlgorithm?.Value is { Length: > 0 } algorithm
            ? new BucketEncryption(algorithm, string.IsNullOrEmpty(key) ? null : key, rule.BucketKeyEnabled ?? false)
            : null;
    });

    public Task<AwsAnswer<BucketPolicy>> PolicyAsync() => AskAsync("s3:GetBucketPolicy", async () =>
    {
        GetBucketPolicyResponse answer = await _client.GetBucketPolicyAsync(new GetBucketPolicyRequest { BucketName = driver.Bucket }, deadline);
        // The SDK gives the error itself as the policy of a bucket that has none.
        return answer.HttpStatusCode == HttpStatusCode.NotFound || string.IsNullOrWhiteSpace(answer.Policy) ? null : BucketPolicy.Parse(answer.Policy);
    });

    public Task<AwsAnswer<BucketExposure>> ExposureAsync() => AskAsync("s3:GetBucketPolicyStatus", async () =>
    {
        GetBucketPolicyStatusResponse answer = await _client.GetBucketPolicyStatusAsync(new GetBucketPolicyStatusRequest { BucketName = driver.Bucket }, deadline);
        return answer.PolicyStatus is { } status ? new BucketExposure(status.IsPublic ?? false) : null;
    });

    public Task<AwsAnswer<PublicAccessBlock>> PublicAccessBlockAsync() => AskAsync("s3:GetBucketPublicAccessBlock", async () =>
    {
        GetPublicAccessBlockResponse answer = await _client.GetPublicAccessBlockAsync(new GetPublicAccessBlockRequest { BucketName = driver.Bucket }, deadline);
        return answer.PublicAccessBlockConfiguration is { } block
            ? new PublicAccessBlock(
                block.BlockPublicAcls ?? false, block.IgnorePublicAcls ?? false, block.BlockPublicPolicy ?? false, block.RestrictPublicBuckets ?? false)
            : null;
    });

    public Task<AwsAnswer<ObjectOwnership>> OwnershipAsync() => AskAsync("s3:GetBucketOwnershipControls", async () =>
    {
        GetBucketOwnershipControlsResponse answer = await _client.GetBucketOwnershipControlsAsync(
            new GetBucketOwnershipControlsRequest { BucketName = driver.Bucket }, deadline);
        return answer.OwnershipControls?.Rules?.FirstOrDefault()?.ObjectOwnership?.Value is { Length: > 0 } setting ? new ObjectOwnership(setting) : null;
    });

    public Task<AwsAnswer<BucketLifecycle>> LifecycleAsync() => AskAsync("s3:GetLifecycleConfiguration", async () =>
    {
        GetLifecycleConfigurationResponse answer = await _client.GetLifecycleConfigurationAsync(
            new GetLifecycleConfigurationRequest { BucketName = driver.Bucket }, deadline);
        LifecycleRule[] rules = [.. (answer.Configuration?.Rules ?? []).Where(r => r.Status == LifecycleRuleStatus.Enabled)];
        return rules.Length == 0 ? null : new BucketLifecycle([.. rules.Select(LifecycleReading.Read)]);
    });

    public Task<AwsAnswer<BucketVersioning>> VersioningAsync() => AskAsync("s3:GetBucketVersioning", async () =>
    {
        GetBucketVersioningResponse answer = await _client.GetBucketVersioningAsync(new GetBucketVersioningRequest { BucketName = driver.Bucket }, deadline);
        return new BucketVersioning(answer.VersioningConfig?.Status?.Value is { Length: > 0 } status ? status : "Off");
    });

    public void Dispose() => _client.Dispose();

    private async Task<AwsAnswer<T>> AskAsync<T>(string permission, Func<Task<T?>> call)
        where T : class
    {
        try
        {
            return await AwsFailures.CatchAsync(permission, BucketArn.Of(driver), call, cancel);
        }
        catch (JsonException e)
        {
            return AwsAnswer<T>.Failed(new AwsFailure(AwsFailureKind.Invalid, AwsFailures.Quote($"the policy cannot be read: {e.Message}")));
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return AwsAnswer<T>.Absent(AwsFailures.Quote(e.Message));
        }
    }
}
