using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers.S3;

namespace LocalRegistry.Registry.Checks;

/// <summary>
/// The calls that the s3 driver makes, made once: list, look for what is missing, read, and, for a registry that takes pushes,
/// write a canary, read it back with its encryption, and delete it.
/// </summary>
internal sealed class S3Check(S3Driver driver, bool canWrite) : IDisposable
{
    private readonly AmazonS3Client _client = S3ClientFactory.CreateS3(driver);
    private readonly List<CheckResult> _results = [];
    private string? _existingKey;

    /// <summary>Who makes the calls; null if there are no credentials.</summary>
    public CheckIdentity? Identity { get; private set; }

    /// <summary>Every call so far.</summary>
    public IReadOnlyList<CheckResult> Results => _results;

    private string BucketArn => $"arn:{Partition}:s3:::{driver.Bucket}";

    private string Partition => driver.Region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
        : driver.Region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov"
        : "aws";

    private string Prefix => driver.RootDirectory.Length == 0 ? "" : $"{driver.RootDirectory}/";

    private string ObjectsArn => $"{BucketArn}/{Prefix}docker/registry/v2/*";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        (Identity, CheckResult credentials) = await IdentityCheck.RunAsync(driver, cancellationToken);
        _results.Add(credentials);
        if (Identity is null || !await RunAsync("ListBucket", "s3:ListBucket", BucketArn, ListAsync, cancellationToken))
        {
            return;
        }

        await RunAsync("ReadMissingObject", "s3:ListBucket", BucketArn, ReadMissingAsync, cancellationToken);
        await RunAsync("ReadObject", "s3:GetObject", ObjectsArn, ReadExistingAsync, cancellationToken);
        if (canWrite)
        {
            await RunCanaryAsync(cancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<CheckResult> ListAsync(CheckResult check, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = driver.Bucket, Prefix = $"{Prefix}docker/registry/v2/blobs/", MaxKeys = 1 };
        ListObjectsV2Response response = await _client.ListObjectsV2Async(request, cancellationToken);
        _existingKey = response.S3Objects?.FirstOrDefault()?.Key;
        return check with { Message = $"the bucket can be listed under \"{Prefix}\"" };
    }

    private async Task<CheckResult> ReadMissingAsync(CheckResult check, CancellationToken cancellationToken)
    {
        string key = Prefix + KeyLayout.BlobData(new Digest(DigestAlgorithm.Sha256, new string('0', DigestAlgorithm.Sha256.HexLength)));
        try
        {
            await _client.GetObjectMetadataAsync(driver.Bucket, key, cancellationToken);
            return check with { Outcome = CheckOutcome.Unknown, Message = $"{key} exists, which nothing can have the digest of" };
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return check with { Message = "a missing object is answered with 404" };
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Forbidden)
        {
            return check with
            {
                Outcome = CheckOutcome.Failed,
                Message = $"a missing object is answered with 403, so every image that is not there looks like a fault: allow s3:ListBucket on {BucketArn}",
            };
        }
    }

    private async Task<CheckResult> ReadExistingAsync(CheckResult check, CancellationToken cancellationToken)
    {
        if (_existingKey is null)
        {
            return check with { Outcome = CheckOutcome.Skipped, Message = "the bucket holds no image yet" };
        }

        var request = new GetObjectRequest { BucketName = driver.Bucket, Key = _existingKey, ByteRange = new Amazon.S3.Model.ByteRange("bytes=0-0") };
        using GetObjectResponse response = await _client.GetObjectAsync(request, cancellationToken);
        return check with { Message = $"an image's content can be read, encrypted with {response.ServerSideEncryptionMethod?.Value ?? "nothing that is told"}" };
    }

    // Names that begin with an underscore are no repositories, so no list of either registry ever shows the canary.
    private async Task RunCanaryAsync(CancellationToken cancellationToken)
    {
        string key = $"{Prefix}{KeyLayout.Repositories}_check/{Guid.NewGuid()}";
        string arn = $"{BucketArn}/{key}";
        if (!await RunAsync("WriteCanary", "s3:PutObject", arn, (check, token) => WriteCanaryAsync(check, key, token), cancellationToken))
        {
            return;
        }

        await RunAsync("ReadCanary", "s3:GetObject", arn, (check, token) => ReadCanaryAsync(check, key, token), cancellationToken);
        await RunAsync("DeleteCanary", "s3:DeleteObject", arn, (check, token) => DeleteCanaryAsync(check, key, token), cancellationToken);
    }

    private async Task<CheckResult> WriteCanaryAsync(CheckResult check, string key, CancellationToken cancellationToken)
    {
        var request = new PutObjectRequest
        {
            BucketName = driver.Bucket,
            Key = key,
            ContentBody = "written by registry check",
            IfNoneMatch = "*",
            UseChunkEncoding = driver.RegionEndpoint is null,
        };
        new S3WriteHeaders(driver).ApplyTo(request);
        await _client.PutObjectAsync(request, cancellationToken);
        return check with { Message = "a canary was written" };
    }

    private async Task<CheckResult> ReadCanaryAsync(CheckResult check, string key, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = driver.Bucket, Key = key, ByteRange = new Amazon.S3.Model.ByteRange("bytes=0-") };
        using GetObjectResponse response = await _client.GetObjectAsync(request, cancellationToken);
        string encryption = response.ServerSideEncryptionMethod?.Value is { Length: > 0 } method ? method : "none";
        string expected = !driver.Encrypt ? "any" : driver.KeyId is null ? "AES256" : "aws:kms";
        return expected == "any" || encryption == expected
            ? check with { Message = $"the canary was read back, encryption {encryption}" }
            : check with { Outcome = CheckOutcome.Failed, Message = $"the canary was written with encryption {expected} and lies in the bucket with {encryption}" };
    }

    private async Task<CheckResult> DeleteCanaryAsync(CheckResult check, string key, CancellationToken cancellationToken)
    {
        await _client.DeleteObjectAsync(driver.Bucket, key, cancellationToken);
        return check with { Message = "the canary was deleted" };
    }

    private async Task<bool> RunAsync(
        string name, string action, string resource, Func<CheckResult, CancellationToken, Task<CheckResult>> call, CancellationToken cancellationToken)
    {
        CheckResult result = new(name, CheckOutcome.Passed, action, resource, "");
        try
        {
            result = await call(result, cancellationToken);
        }
        catch (AmazonS3Exception e)
        {
            result = result with { Outcome = S3Answer.OutcomeOf(e), Message = S3Answer.Explain(e, driver, action, resource) };
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or OperationCanceledException)
        {
            result = result with { Outcome = CheckOutcome.Unknown, Message = $"no answer from {driver.RegionEndpoint?.ToString() ?? "S3"}: {e.Message}" };
        }

        _results.Add(result);
        return result.Outcome is CheckOutcome.Passed or CheckOutcome.Skipped;
    }
}
