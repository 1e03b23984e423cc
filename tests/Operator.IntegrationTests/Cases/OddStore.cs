using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LocalRegistry.Operator.IntegrationTests.Cases;

/// <summary>A store that does what no store can be made to do: it stalls, is busy, redirects, fails, or knows a part of S3 only.</summary>
internal sealed class OddStore : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OddStore(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Urls.First());

    /// <summary>Takes each request and never answers.</summary>
    public static Task<OddStore> StallingAsync(CancellationToken cancel) => StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted), cancel);

    /// <summary>Answers each request as S3 does under too much load.</summary>
    public static Task<OddStore> BusyAsync(CancellationToken cancel) => StartAsync(context => SendAsync(context, 503, "SlowDown", "Please reduce your request rate."), cancel);

    /// <summary>Answers as S3 does for a bucket of another region whose name is asked for here.</summary>
    public static Task<OddStore> RedirectingAsync(CancellationToken cancel) => StartAsync(
        context => SendAsync(
            context,
            400,
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'"),
        cancel);

    /// <summary>Answers as S3 does to an access key that it does not know.</summary>
    public static Task<OddStore> RefusingKeysAsync(CancellationToken cancel) => StartAsync(
        context => SendAsync(context, 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."), cancel);

    /// <summary>Denies each request, with what AWS says of it.</summary>
    public static Task<OddStore> DenyingAsync(string message, CancellationToken cancel) =>
        StartAsync(context => SendAsync(context, 403, "AccessDenied", message), cancel);

    /// <summary>A KMS that denies everything, as KMS does it.</summary>
    public static Task<OddStore> DenyingKeysAsync(CancellationToken cancel) => StartAsync(
        context =>
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/x-amz-json-1.1";
            return context.Response.WriteAsync(
                """{"__type":"AccessDeniedException","Message":"User: arn:aws:sts::123456789012:assumed-role/operator/s is not authorized to perform: kms:DescribeKey"}""",
                context.RequestAborted);
        },
        cancel);

    /// <summary>Knows buckets and objects, and none of a bucket's settings.</summary>
    public static Task<OddStore> PlainAsync(CancellationToken cancel) => StartAsync(
        context => context.Request.Query.ContainsKey("location")
            ? context.Response.WriteAsync("""<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>""", context.RequestAborted)
            : SendAsync(context, 501, "NotImplemented", "A header you provided implies functionality that is not implemented."),
        cancel);

    /// <summary>An IAM or STS that answers each call with an error.</summary>
    public static Task<OddStore> RefusingCallsAsync(int status, string code, string message, CancellationToken cancel) => StartAsync(
        context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/xml";
            return context.Response.WriteAsync(
                $"<ErrorResponse><Error><Type>Receiver</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>",
                context.RequestAborted);
        },
        cancel);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<OddStore> StartAsync(RequestDelegate answer, CancellationToken cancel)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.Run(answer);
        await app.StartAsync(cancel);
        return new OddStore(app);
    }

    private static Task SendAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>{message}</Message></Error>", context.RequestAborted);
    }
}
