using LocalRegistry.Registry.Telemetry;
using Xunit;

namespace LocalRegistry.Registry.Tests.Telemetry;

public sealed class S3OperationNameTests
{
    [Theory]
    [InlineData("GET", "/bucket?list-type=2&prefix=a", false, "ListObjectsV2")]
    [InlineData("GET", "/bucket?uploads", false, "ListMultipartUploads")]
    [InlineData("POST", "/bucket/key?uploads", false, "CreateMultipartUpload")]
    [InlineData("GET", "/bucket/key?uploadId=1", false, "ListParts")]
    [InlineData("PUT", "/bucket/key?partNumber=2&uploadId=1", false, "UploadPart")]
    [InlineData("PUT", "/bucket/key?partNumber=2&uploadId=1", true, "UploadPartCopy")]
    [InlineData("POST", "/bucket/key?uploadId=1", false, "CompleteMultipartUpload")]
    [InlineData("DELETE", "/bucket/key?uploadId=1", false, "AbortMultipartUpload")]
    [InlineData("POST", "/bucket?delete", false, "DeleteObjects")]
    [InlineData("GET", "/bucket/key", false, "GetObject")]
    [InlineData("HEAD", "/bucket/key", false, "HeadObject")]
    [InlineData("PUT", "/bucket/key", false, "PutObject")]
    [InlineData("PUT", "/bucket/key?x-id=PutObject", true, "CopyObject")]
    [InlineData("DELETE", "/bucket/key", false, "DeleteObject")]
    [InlineData("PATCH", "/bucket/key", false, "other")]
    [InlineData("GET", "/bucket?prefix=uploads", false, "GetObject")]
    public void Of_tells_the_operation_from_the_request(string method, string path, bool copies, string name)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(new Uri("http://s3.example.com"), path));
        if (copies)
        {
            request.Headers.Add("x-amz-copy-source", "bucket/source");
        }

        Assert.Equal(name, S3OperationName.Of(request));
    }
}
