using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LocalRegistry.Testbed;

/// <summary>
/// The places on AWS that hand out credentials, none of which can be had elsewhere: the token service that takes a Kubernetes token, the
/// Pod Identity agent, and the metadata service of an instance. Each gives an access key of its own, and the token service names the caller
/// by the key that its request was signed with. Its S3 knows no bucket.
/// </summary>
public sealed class AwsEndpoints : IAsyncDisposable
{
    public const string WebIdentityToken = "a-projected-token";
    public const string PodIdentityToken = "an-agent-token";
    public const string WebIdentityKey = "ASIAWEBIDENTITY";
    public const string PodIdentityKey = "ASIAPODIDENTITY";
    public const string InstanceKey = "ASIAINSTANCE";

    private const string InstanceToken = "an-instance-token";

    private readonly WebApplication _app;

    private AwsEndpoints(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<AwsEndpoints> StartAsync(CancellationToken ct)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(ct);
        return new AwsEndpoints(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string body = await new StreamReader(request.Body).ReadToEndAsync(context.RequestAborted);
        (int status, string answer) = (request.Method, request.Path.Value) switch
        {
            ("POST", "/") => TokenService(request, body),
            ("GET", "/pod-identity") => request.Headers.Authorization == PodIdentityToken ? (200, Keys(PodIdentityKey)) : (401, "{}"),
            ("PUT", "/latest/api/token") => (200, InstanceToken),
            ("GET", "/latest/meta-data/iam/security-credentials") => IfAllowed(request, "node-role"),
            ("GET", "/latest/meta-data/iam/security-credentials/node-role") => IfAllowed(request, Keys(InstanceKey)),
            ("GET", _) when request.Query.ContainsKey("list-type") => (404, "<Error><Code>NoSuchBucket</Code></Error>"),
            _ => (404, ""),
        };
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }

    private static (int Status, string Answer) IfAllowed(HttpRequest request, string answer) =>
        request.Headers["x-aws-ec2-metadata-token"] == InstanceToken ? (200, answer) : (401, "");

    private static (int Status, string Answer) TokenService(HttpRequest request, string form)
    {
        if (form.Contains("Action=GetCallerIdentity", StringComparison.Ordinal))
        {
            string key = request.Headers.Authorization.ToString().Split("Credential=")[1].Split('/')[0];
            return (200, $"""
                <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
                <Arn>arn:aws:sts::111122223333:assumed-role/registry/{key}</Arn><UserId>u</UserId><Account>111122223333</Account>
                </GetCallerIdentityResult></GetCallerIdentityResponse>
                """);
        }

        return form.Contains("Action=AssumeRoleWithWebIdentity", StringComparison.Ordinal)
            && form.Contains($"WebIdentityToken={WebIdentityToken}", StringComparison.Ordinal)
            && form.Contains("RoleSessionName=localregistry", StringComparison.Ordinal)
                ? (200, $"""
                    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
                    <Credentials><AccessKeyId>{WebIdentityKey}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
                    <SessionToken>token</SessionToken><Expiration>{Expiration()}</Expiration></Credentials>
                    </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                    """)
                : (403, "<ErrorResponse><Error><Code>InvalidIdentityToken</Code></Error></ErrorResponse>");
    }

    private static string Keys(string accessKey) =>
        $$"""{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"{{accessKey}}","SecretAccessKey":"secret","Token":"token","LastUpdated":"{{Expiration()}}","Expiration":"{{Expiration()}}"}""";

    private static string Expiration() => TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
