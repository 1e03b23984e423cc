using System.Net;
using Amazon.S3;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>What uploads and copies in parts have in common.</summary>
internal static class S3Multipart
{
    /// <summary>Whether S3 says that it does not know an upload in parts: it was completed or aborted, by whomever.</summary>
    public static bool IsGone(AmazonS3Exception e) => e is { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchUpload" };

    /// <summary>Takes back the parts of an upload; one that is not there any more is no error.</summary>
    public static async Task AbortAsync(AmazonS3Client client, string bucket, string key, string uploadId, CancellationToken cancellationToken)
    {
        try
        {
            await client.AbortMultipartUploadAsync(bucket, key, uploadId, cancellationToken);
        }
        catch (AmazonS3Exception e) when (IsGone(e))
        {
            // An answer of S3's was lost on its way and the call made again.
        }
    }
}
