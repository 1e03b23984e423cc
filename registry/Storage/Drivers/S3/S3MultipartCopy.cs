using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>Copies a large object within S3, parts side by side: one CopyObject takes a second for each 100 MB, and 5 GiB at most.</summary>
internal sealed class S3MultipartCopy(AmazonS3Client client, S3Driver driver, string source, string destination, string uploadId)
{
    private const int MaximumParts = 10_000;

    /// <summary>Copies, completes, and aborts what it began if that fails.</summary>
    /// <param name="size">The source's size in bytes.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    public async Task RunAsync(long size, CancellationToken cancellationToken)
    {
        try
        {
            long partSize = Math.Max(driver.MultipartCopyChunkSize, (size + MaximumParts - 1) / MaximumParts);
            var etags = new PartETag[(size + partSize - 1) / partSize];
            var options = new ParallelOptions { MaxDegreeOfParallelism = driver.MultipartCopyMaxConcurrency, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, etags.Length, options, async (i, token) =>
            {
                CopyPartResponse response = await client.CopyPartAsync(new CopyPartRequest
                {
                    SourceBucket = driver.Bucket,
                    SourceKey = source,
                    DestinationBucket = driver.Bucket,
                    DestinationKey = destination,
                    UploadId = uploadId,
                    PartNumber = i + 1,
                    FirstByte = i * partSize,
                    LastByte = Math.Min((i + 1) * partSize, size) - 1,
                }, token);
                etags[i] = new PartETag(i + 1, response.ETag);
            });
            await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = driver.Bucket, Key = destination, UploadId = uploadId, PartETags = [.. etags] }, cancellationToken);
        }
        catch
        {
            await S3Multipart.AbortAsync(client, driver.Bucket, destination, uploadId, CancellationToken.None);
            throw;
        }
    }
}
