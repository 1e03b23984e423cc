using System.Text;
using LocalRegistry.Benchmarks.Clients;

namespace LocalRegistry.Benchmarks.Store;

/// <summary>Names S3's operations by the requests that ask for them.</summary>
internal static class S3RequestKind
{
    /// <summary>The name of the operation in S3's API.</summary>
    public static string Of(HttpHead head)
    {
        string[] line = Encoding.ASCII.GetString(head.StartLine).Split(' ');
        string[] target = line[1].Split('?', 2);
        string query = target.Length > 1 ? $"&{target[1]}" : "";
        bool isBucket = target[0].Trim('/').Split('/').Length == 1;
        bool isCopy = !head.Header("x-amz-copy-source"u8).IsEmpty;
        return line[0] switch
        {
            "GET" when query.Contains("&uploads", StringComparison.Ordinal) => "ListMultipartUploads",
            "GET" when query.Contains("&uploadId", StringComparison.Ordinal) => "ListParts",
            "GET" when isBucket => "ListObjects",
            "GET" => "GetObject",
            "HEAD" => isBucket ? "HeadBucket" : "HeadObject",
            "PUT" when query.Contains("&partNumber", StringComparison.Ordinal) => isCopy ? "UploadPartCopy" : "UploadPart",
            "PUT" => isCopy ? "CopyObject" : "PutObject",
            "POST" when query.Contains("&uploads", StringComparison.Ordinal) => "CreateMultipartUpload",
            "POST" when query.Contains("&uploadId", StringComparison.Ordinal) => "CompleteMultipartUpload",
            "POST" => "DeleteObjects",
            "DELETE" => query.Contains("&uploadId", StringComparison.Ordinal) ? "AbortMultipartUpload" : "DeleteObject",
            var other => other,
        };
    }
}
