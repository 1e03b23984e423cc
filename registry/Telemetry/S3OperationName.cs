namespace LocalRegistry.Registry.Telemetry;

/// <summary>What S3 calls a request, told from the request itself. The set is closed.</summary>
internal static class S3OperationName
{
    private const string CopySource = "x-amz-copy-source";

    public static string Of(HttpRequestMessage request)
    {
        string query = request.RequestUri?.Query ?? "";
        bool copies = request.Headers.Contains(CopySource);
        return (request.Method.Method, Target(query)) switch
        {
            ("GET", "list-type") => "ListObjectsV2",
            ("GET", "uploads") => "ListMultipartUploads",
            ("POST", "uploads") => "CreateMultipartUpload",
            ("GET", "uploadId") => "ListParts",
            ("PUT", "uploadId") => copies ? "UploadPartCopy" : "UploadPart",
            ("POST", "uploadId") => "CompleteMultipartUpload",
            ("DELETE", "uploadId") => "AbortMultipartUpload",
            ("POST", "delete") => "DeleteObjects",
            ("GET", "") => "GetObject",
            ("HEAD", "") => "HeadObject",
            ("PUT", "") => copies ? "CopyObject" : "PutObject",
            ("DELETE", "") => "DeleteObject",
            _ => "other",
        };
    }

    // The parameter that tells operations of one method apart; empty if there is none.
    private static string Target(ReadOnlySpan<char> query)
    {
        foreach (Range part in query.TrimStart('?').Split('&'))
        {
            ReadOnlySpan<char> parameter = query.TrimStart('?')[part];
            int equals = parameter.IndexOf('=');
            ReadOnlySpan<char> name = equals < 0 ? parameter : parameter[..equals];
            if (name is "list-type" or "uploads" or "uploadId" or "delete")
            {
                return name.ToString();
            }
        }

        return "";
    }
}
