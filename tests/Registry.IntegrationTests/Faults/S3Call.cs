using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>A call of S3, called the same in every run of the same work.</summary>
/// <param name="Action">Its name in S3's API, with the number of a part.</param>
/// <param name="Key">The key below the registry's own folder; an upload's id is left out.</param>
internal readonly partial record struct S3Call(string Action, string Key)
{
    public static S3Call Of(HttpRequest request) => new(ActionOf(request), UploadId().Replace(request.Path.Value!.Split("/docker/registry/v2/")[^1], "_uploads/*"));

    /// <summary>Whether its request has a body.</summary>
    public bool HasRequestBody => Action == "PutObject" || Action == "CompleteMultipartUpload" || Action.StartsWith("UploadPart ", StringComparison.Ordinal);

    /// <summary>Whether its answer has a body.</summary>
    public bool HasResponseBody => Action is "GetObject" or "ListObjectsV2" or "CreateMultipartUpload" or "CompleteMultipartUpload" or "CopyObject";

    public override string ToString() => $"{Action} {Key}";

    private static string ActionOf(HttpRequest request)
    {
        IQueryCollection query = request.Query;
        return request.Method switch
        {
            "PUT" when query.ContainsKey("partNumber") => $"UploadPart {query["partNumber"]}",
            "PUT" => request.Headers.ContainsKey("x-amz-copy-source") ? "CopyObject" : "PutObject",
            "POST" => query.ContainsKey("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload",
            "GET" => query.ContainsKey("list-type") ? "ListObjectsV2" : "GetObject",
            "HEAD" => "HeadObject",
            "DELETE" => query.ContainsKey("uploadId") ? "AbortMultipartUpload" : "DeleteObject",
            _ => request.Method,
        };
    }

    [GeneratedRegex("_uploads/[^/]+")]
    private static partial Regex UploadId();
}
