using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// The ends of uploads and copies in parts. Either end may be asked for twice, when the answer to the first was lost: then the upload is no more.
/// </summary>
internal static class S3Multipart
{
    /// <summary>Makes the object visible.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">Which upload, and its parts.</param>
    /// <param name="size">
    /// The size of all parts in bytes: an object of that size, where the upload is no more, is what it has become.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task CompleteAsync(AmazonS3Client client, CompleteMultipartUploadRequest request, long size, CancellationToken cancellationToken)
    {
        try
        {
            await client.CompleteMultipartUploadAsync(request, cancellationToken);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            if (await SizeAsync(client, request, cancellationToken) != size)
            {
                throw;
            }
        }
    }

    /// <summary>Takes back what was written.</summary>
    public static async Task AbortAsync(AmazonS3Client client, string bucket, string key, string uploadId, CancellationToken cancellationToken)
    {
        try
        {
            await client.AbortMultipartUploadAsync(bucket, key, uploadId, cancellationToken);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // It is no more, which is what was wanted.
        }
    }

    private static async Task<long?> SizeAsync(AmazonS3Client client, CompleteMultipartUploadRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetObjectMetadataAsync(request.BucketName, request.Key, cancellationToken)).ContentLength;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
