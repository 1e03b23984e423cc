using System.Net;
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
/// what <see cref="S3Canary"/> does.
/// </summary>
internal sealed class S3Check(S3Driver driver, bool canWrite) : IDisposable
{
    private readonly AmazonS3Client _client = S3ClientFactory.CreateS3(driver);
    private readonly S3CallLog _log = new(driver);
    private string? _existingKey;

    /// <summary>Who makes the calls; null if there are no credentials.</summary>
    public CheckIdentity? Identity { get; private set; }

    /// <summary>Every call so far.</summary>
    public IReadOnlyList<CheckResult> Results => _log.Results;

    private string BucketArn => Configuration.BucketArn.Of(driver);

    private string Prefix => driver.RootDirectory.Length == 0 ? "" : $"{driver.RootDirectory}/";

    private string ObjectsArn => Configuration.BucketArn.OfObjects(driver);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        (Identity, CheckResult credentials) = await IdentityCheck.RunAsync(driver, cancellationToken);
        _log.Add(credentials);
        if (credentials.Outcome is CheckOutcome.Failed or CheckOutcome.Unknown
            || !await RunAsync("ListBucket", "s3:ListBucket", BucketArn, ListAsync, cancellationToken))
        {
            return;
        }

        await RunAsync("ReadMissingObject", "s3:ListBucket", BucketArn, ReadMissingAsync, cancellationToken);
        await RunAsync("ReadObject", "s3:GetObject", ObjectsArn, ReadExistingAsync, cancellationToken);
        if (canWrite)
        {
            // Names that begin with an underscore are no repositories, so no list of either registry ever shows the canary.
            await new S3Canary(driver, _client, _log, ObjectsArn, $"{Prefix}{KeyLayout.Repositories}_check/{Guid.NewGuid()}").RunAsync(cancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();

    private Task<bool> RunAsync(
        string name, string action, string resource, Func<CheckResult, CancellationToken, Task<CheckResult>> call, CancellationToken cancellationToken) =>
        _log.RunAsync(new CheckResult(name, CheckOutcome.Passed, action, resource, ""), call, cancellationToken);

    private async Task<CheckResult> ListAsync(CheckResult check, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = driver.Bucket, Prefix = $"{Prefix}docker/registry/v2/blobs/", MaxKeys = 1 };
        ListObjectsV2Response response = await _client.ListObjectsV2Async(request, cancellationToken);
        _existingKey = response.S3Objects?.FirstOrDefault()?.Key;
        return check with { Message = $"the bucket can be listed under \"{Prefix}\"" };
    }

    // GET, not HEAD, whose answer has no body: what S3 has against the call would stay unsaid.
    private async Task<CheckResult> ReadMissingAsync(CheckResult check, CancellationToken cancellationToken)
    {
        string key = Prefix + KeyLayout.BlobData(new Digest(DigestAlgorithm.Sha256, new string('0', DigestAlgorithm.Sha256.HexLength)));
        try
        {
            using GetObjectResponse response = await ReadFirstByteAsync(key, cancellationToken);
            return check with { Outcome = CheckOutcome.Unknown, Message = $"{key} exists, which nothing can have the digest of" };
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return check with { Message = "a missing object is answered with 404" };
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Forbidden)
        {
            string advice = AccessDenial.TryParse(e.Message)?.Advice(ObjectsArn)
                ?? $"allow s3:ListBucket on {BucketArn} for all of \"{Prefix}\", and s3:GetObject on {ObjectsArn} ({e.ErrorCode})";
            return check with
            {
                Outcome = CheckOutcome.Failed,
                Message = $"a missing object is answered with 403, so every image that is not there looks like a fault: {advice}",
            };
        }
    }

    private async Task<CheckResult> ReadExistingAsync(CheckResult check, CancellationToken cancellationToken)
    {
        if (_existingKey is null)
        {
            return check with { Outcome = CheckOutcome.Skipped, Message = "the bucket holds no image yet" };
        }

        using GetObjectResponse response = await ReadFirstByteAsync(_existingKey, cancellationToken);
        string key = response.ServerSideEncryptionKeyManagementServiceKeyId is { Length: > 0 } id ? $", KMS key {id}" : "";
        return check with { Message = $"an image's content can be read, encrypted with {response.ServerSideEncryptionMethod?.Value ?? "nothing that is told"}{key}" };
    }

    private Task<GetObjectResponse> ReadFirstByteAsync(string key, CancellationToken cancellationToken) => _client.GetObjectAsync(
        new GetObjectRequest { BucketName = driver.Bucket, Key = key, ByteRange = new Amazon.S3.Model.ByteRange("bytes=0-0") }, cancellationToken);
}
