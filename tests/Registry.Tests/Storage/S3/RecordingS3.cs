using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using LocalRegistry.Registry.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage.S3;

/// <summary>Speaks as much S3 as a driver's calls need to be made, keeps nothing but the requests, and fails as a test says.</summary>
internal sealed class RecordingS3 : IAsyncDisposable
{
    private const string UploadId = "upload-1";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly ConcurrentQueue<(string Call, int Status, string Code)> _failures = new();

    private RecordingS3(WebApplication app) => _app = app;

    /// <summary>The requests so far, in the order in which they came.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>The size of every object, in bytes; null for a bucket without any.</summary>
    public long? Size { get; set; }

    /// <summary>The settings of a driver that speaks to it.</summary>
    public S3Driver Driver => new()
    {
        Bucket = "images",
        Region = "us-east-1",
        RegionEndpoint = new Uri(_app.Urls.First()),
        ForcePathStyle = true,
        AccessKey = "AK",
        SecretKey = "SK",
        Secure = _app.Urls.First().StartsWith("https:", StringComparison.Ordinal),
    };

    /// <param name="certificate">What it shows; null for plain HTTP.</param>
    public static async Task<RecordingS3> StartAsync(X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(certificate is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0");
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.ConfigureHttpsDefaults(h => h.ServerCertificate = certificate));
        }

        WebApplication app = builder.Build();
        var store = new RecordingS3(app);
        app.Run(store.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return store;
    }

    /// <summary>Makes the next calls of a kind fail, one for each time this is said.</summary>
    public void FailNext(string call, int status, string code, int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            _failures.Enqueue((call, status, code));
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string call = CallOf(context.Request);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _requests.Enqueue(new RecordedRequest(
            call,
            $"{context.Request.Path}{context.Request.QueryString}",
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()));
        if (_failures.TryPeek(out (string Call, int Status, string Code) failure) && failure.Call == call && _failures.TryDequeue(out _))
        {
            context.Response.StatusCode = failure.Status;
            await WriteAsync(context, $"<Error><Code>{failure.Code}</Code><Message>the test says so</Message></Error>");
            return;
        }

        context.Response.Headers.ETag = "\"not-an-md5\"";
        switch (call)
        {
            case "HeadObject" or "GetObject" when Size is null:
                context.Response.StatusCode = 404;
                break;
            case "HeadObject":
                context.Response.ContentLength = Size;
                break;
            case "GetObject":
                byte[] content = new byte[Size!.Value];
                context.Response.StatusCode = context.Request.Headers.Range.Count > 0 ? 206 : 200;
                context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes 0-{Size - 1}/{Size}");
                context.Response.ContentLength = content.Length;
                await context.Response.Body.WriteAsync(content, context.RequestAborted);
                break;
            case "CreateMultipartUpload":
                await WriteAsync(context, $"<InitiateMultipartUploadResult><UploadId>{UploadId}</UploadId></InitiateMultipartUploadResult>");
                break;
            case "CompleteMultipartUpload":
                await WriteAsync(context, "<CompleteMultipartUploadResult><ETag>\"1\"</ETag></CompleteMultipartUploadResult>");
                break;
            case "CopyObject":
                await WriteAsync(context, "<CopyObjectResult><ETag>\"1\"</ETag></CopyObjectResult>");
                break;
            case "UploadPartCopy":
                await WriteAsync(context, "<CopyPartResult><ETag>\"1\"</ETag></CopyPartResult>");
                break;
            case "AbortMultipartUpload" or "DeleteObject":
                context.Response.StatusCode = 204;
                break;
            default:
                break;
        }
    }

    private static string CallOf(HttpRequest request)
    {
        bool isPart = request.Query.ContainsKey("partNumber");
        bool isUpload = request.Query.ContainsKey("uploadId");
        bool isCopy = request.Headers.ContainsKey("x-amz-copy-source");
        return request.Method switch
        {
            "PUT" when isPart => isCopy ? "UploadPartCopy" : "UploadPart",
            "PUT" => isCopy ? "CopyObject" : "PutObject",
            "POST" => isUpload ? "CompleteMultipartUpload" : "CreateMultipartUpload",
            "DELETE" => isUpload ? "AbortMultipartUpload" : "DeleteObject",
            "HEAD" => "HeadObject",
            _ => "GetObject",
        };
    }

    private static Task WriteAsync(HttpContext context, string xml)
    {
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(xml, context.RequestAborted);
    }
}
