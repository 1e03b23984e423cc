using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Registry.Storage.Drivers.S3;

namespace LocalRegistry.Registry.Checks;

/// <summary>
/// Writes in parts as a push does, and leaves nothing: the upload is completed only if nothing has its key, which is known to be taken, and then
/// aborted.
/// </summary>
/// <param name="driver">The bucket and what is asked of every write.</param>
/// <param name="client">Makes the calls.</param>
/// <param name="log">Takes how they ended.</param>
/// <param name="objectsArn">The registry's objects, as a policy names them.</param>
/// <param name="key">The key of an object that is there.</param>
internal sealed class S3MultipartCanary(S3Driver driver, AmazonS3Client client, S3CallLog log, string objectsArn, string key)
{
    private const string EncryptionHeader = "s3:x-amz-server-side-encryption";

    private readonly S3WriteHeaders _headers = new(driver);
    private string? _uploadId;

    // One check: what the calls up to the last are denied is the right to write, what the last is denied is the right to abort.
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var check = new CheckResult("MultipartCanary", CheckOutcome.Passed, "s3:PutObject", objectsArn, "");
        CheckResult abort = check with { Action = "s3:AbortMultipartUpload" };
        var calls = new S3CallLog(driver);
        if (await calls.RunAsync(check, WriteAsync, cancellationToken))
        {
            await log.RunAsync(abort, AbortAsync, cancellationToken);
            return;
        }

        log.Add(calls.Results[0]);
        if (_uploadId is not null)
        {
            // There is enough to tell; what cannot be taken back either, the bucket's lifecycle takes.
            await calls.RunAsync(abort, AbortAsync, cancellationToken);
        }
    }

    private async Task<CheckResult> WriteAsync(CheckResult check, CancellationToken cancellationToken)
    {
        _uploadId = await BeginAsync(cancellationToken);
        try
        {
            PartETag part = await WritePartAsync(_uploadId, cancellationToken);
            if (await CompleteAsync(_uploadId, part, cancellationToken))
            {
                // A store that knows no conditions: there must be another to abort.
                _uploadId = await BeginAsync(cancellationToken);
            }

            return check;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Forbidden && _uploadId is not null
            && driver is { Encrypt: true, RegionEndpoint: not null } && AccessDenial.TryParse(e.Message) is null)
        {
            return check with
            {
                Outcome = CheckOutcome.Failed,
                Message = $"an upload in parts may be begun on {objectsArn}, but not be gone on with, so that no large layer can be pushed: a statement of the bucket's policy wants "
                    + $"{EncryptionHeader} on each of its requests, and only the first has it. Take the statement out that denies uploads without it (Null), and give the bucket a "
                    + "default encryption",
            };
        }
    }

    private async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = driver.Bucket, Key = key };
        _headers.ApplyTo(request);
        return (await client.InitiateMultipartUploadAsync(request, cancellationToken)).UploadId;
    }

    private async Task<PartETag> WritePartAsync(string uploadId, CancellationToken cancellationToken)
    {
        byte[] content = "written by registry check"u8.ToArray();
        return new PartETag(await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = driver.Bucket,
                Key = key,
                UploadId = uploadId,
                PartNumber = 1,
                PartSize = content.Length,
                InputStream = new MemoryStream(content, writable: false),
                UseChunkEncoding = driver.RegionEndpoint is null,
            },
            cancellationToken));
    }

    private async Task<bool> CompleteAsync(string uploadId, PartETag part, CancellationToken cancellationToken)
    {
        try
        {
            await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = driver.Bucket, Key = key, UploadId = uploadId, PartETags = [part], IfNoneMatch = "*" }, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    private async Task<CheckResult> AbortAsync(CheckResult check, CancellationToken cancellationToken)
    {
        await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = driver.Bucket, Key = key, UploadId = _uploadId }, cancellationToken);
        return check with { Message = "an upload in parts was written and aborted" };
    }
}
