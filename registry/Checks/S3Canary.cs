using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Registry.Storage.Drivers.S3;

namespace LocalRegistry.Registry.Checks;

/// <summary>
/// Writes as a push does, with the same headers, and takes away what it wrote: an object, read back with its encryption, and an upload
/// in parts.
/// </summary>
/// <param name="driver">The bucket and what is asked of every write.</param>
/// <param name="client">Makes the calls.</param>
/// <param name="log">Takes how they ended.</param>
/// <param name="objectsArn">The ARN of all that the registry keeps. It is what must be allowed, and the same each time, which the canary's key is not.</param>
/// <param name="key">The canary's key, which nothing else may have.</param>
internal sealed class S3Canary(S3Driver driver, AmazonS3Client client, S3CallLog log, string objectsArn, string key)
{
    private readonly S3WriteHeaders _headers = new(driver);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!await RunAsync("WriteCanary", "s3:PutObject", WriteAsync, cancellationToken))
        {
            return;
        }

        await RunAsync("ReadCanary", "s3:GetObject", ReadAsync, cancellationToken);
        // While there is something under the key.
        await new S3MultipartCanary(driver, client, log, objectsArn, key).RunAsync(cancellationToken);
        await RunAsync("DeleteCanary", "s3:DeleteObject", DeleteAsync, cancellationToken);
    }

    private Task<bool> RunAsync(string name, string action, Func<CheckResult, CancellationToken, Task<CheckResult>> call, CancellationToken cancellationToken) =>
        log.RunAsync(new CheckResult(name, CheckOutcome.Passed, action, objectsArn, ""), call, cancellationToken);

    private async Task<CheckResult> WriteAsync(CheckResult check, CancellationToken cancellationToken)
    {
        var request = new PutObjectRequest
        {
            BucketName = driver.Bucket,
            Key = key,
            ContentBody = "written by registry check",
            IfNoneMatch = "*",
            UseChunkEncoding = driver.RegionEndpoint is null,
        };
        _headers.ApplyTo(request);
        await client.PutObjectAsync(request, cancellationToken);
        return check with { Message = "a canary was written" };
    }

    private async Task<CheckResult> ReadAsync(CheckResult check, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = driver.Bucket, Key = key, ByteRange = new ByteRange("bytes=0-") };
        using GetObjectResponse response = await client.GetObjectAsync(request, cancellationToken);
        return CanaryEncryption.Judge(driver, check, response.ServerSideEncryptionMethod?.Value, response.ServerSideEncryptionKeyManagementServiceKeyId);
    }

    private async Task<CheckResult> DeleteAsync(CheckResult check, CancellationToken cancellationToken)
    {
        await client.DeleteObjectAsync(driver.Bucket, key, cancellationToken);
        return check with { Message = "the canary was deleted" };
    }
}
