using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LocalRegistry.Testbed;

/// <summary>
/// The places on AWS that hand out credentials, none of which can be had elsewhere: the token service that takes a Kubernetes token, the
/// Pod Identity agent, and the metadata service of an instance. Each gives an access key of its own, and the token service names the caller
/// by the key that its request was signed with. Its S3 knows no bucket. With a session, it is that session's keys which all of them give, so
/// that they are good for the S3 that made it, and the caller is named by the place that gave them last.
/// </summary>
public sealed class AwsEndpoints : IAsyncDisposable
{
    public const string WebIdentityToken = "a-projected-token";
    public const string PodIdentityToken = "an-agent-token";
    public const string WebIdentityKey = "ASIAWEBIDENTITY";
    public const string PodIdentityKey = "ASIAPODIDENTITY";
    public const string InstanceKey = "ASIAINSTANCE";

    /// <summary>The role that the token service gives.</summary>
    public const string Role = "arn:aws:iam::111122223333:role/registry";

    private const string InstanceToken = "an-instance-token";

    private readonly AwsSession? _session;
    private readonly string? _refusal;
    private WebApplication? _app;
    private string _caller = "arn:aws:iam::111122223333:user/registry";

    private AwsEndpoints(AwsSession? session, string? refusal)
    {
        _session = session;
        _refusal = refusal;
    }

    /// <summary>The token service's and the metadata service's URL.</summary>
    public string Url => _app!.Urls.First();

    /// <summary>The Pod Identity agent's URL.</summary>
    public string PodIdentityUrl => $"{Url}/pod-identity";

    /// <param name="ct">Gives up.</param>
    /// <param name="session">The keys that are given; null for keys that no S3 knows.</param>
    /// <param name="refusal">The error code by which the token service does not say who the caller is; null if it does.</param>
    public static async Task<AwsEndpoints> StartAsync(CancellationToken ct, AwsSession? session = null, string? refusal = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var endpoints = new AwsEndpoints(session, refusal) { _app = app };
        app.Run(endpoints.AnswerAsync);
        await app.StartAsync(ct);
        return endpoints;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string body = await new StreamReader(request.Body).ReadToEndAsync(context.RequestAborted);
        (int status, string answer) = (request.Method, request.Path.Value) switch
        {
            ("POST", "/") => TokenService(request, body),
            ("GET", "/pod-identity") => request.Headers.Authorization == PodIdentityToken ? (200, Keys(PodIdentityKey, "registry/eks-registry")) : (401, "{}"),
            ("PUT", "/latest/api/token") => (200, InstanceToken),
            ("GET", "/latest/meta-data/iam/security-credentials") => IfAllowed(request, () => "node-role"),
            ("GET", "/latest/meta-data/iam/security-credentials/node-role") => IfAllowed(request, () => Keys(InstanceKey, "node-role/i-0123456789abcdef0")),
            ("GET", _) when request.Query.ContainsKey("list-type") => (404, "<Error><Code>NoSuchBucket</Code></Error>"),
            _ => (404, ""),
        };
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }

    private static (int Status, string Answer) IfAllowed(HttpRequest request, Func<string> answer) =>
        request.Headers["x-aws-ec2-metadata-token"] == InstanceToken ? (200, answer()) : (401, "");

    private (int Status, string Answer) TokenService(HttpRequest request, string form)
    {
        if (form.Contains("Action=GetCallerIdentity", StringComparison.Ordinal))
        {
            string key = request.Headers.Authorization.ToString().Split("Credential=")[1].Split('/')[0];
            return _refusal is not null
                ? (403, $"<ErrorResponse><Error><Code>{_refusal}</Code><Message>The security token included in the request is invalid.</Message></Error></ErrorResponse>")
                : (200, $"""
                    <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
                    <Arn>{(_session is null ? $"arn:aws:sts::111122223333:assumed-role/registry/{key}" : _caller)}</Arn><UserId>u</UserId><Account>111122223333</Account>
                    </GetCallerIdentityResult></GetCallerIdentityResponse>
                    """);
        }

        if (!form.Contains("Action=AssumeRoleWithWebIdentity", StringComparison.Ordinal)
            || !form.Contains($"WebIdentityToken={WebIdentityToken}", StringComparison.Ordinal)
            || !form.Contains("RoleSessionName=localregistry", StringComparison.Ordinal))
        {
            return (403, "<ErrorResponse><Error><Code>InvalidIdentityToken</Code></Error></ErrorResponse>");
        }

        AwsSession keys = Give(WebIdentityKey, "registry/localregistry");
        return (200, $"""
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
            <Credentials><AccessKeyId>{keys.AccessKey}</AccessKeyId><SecretAccessKey>{keys.SecretKey}</SecretAccessKey>
            <SessionToken>{keys.Token}</SessionToken><Expiration>{Expiration()}</Expiration></Credentials>
            </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
            """);
    }

    private string Keys(string accessKey, string caller)
    {
        AwsSession keys = Give(accessKey, caller);
        return $$"""
            {"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"{{keys.AccessKey}}","SecretAccessKey":"{{keys.SecretKey}}","Token":"{{keys.Token}}",
             "LastUpdated":"{{Expiration()}}","Expiration":"{{Expiration()}}"}
            """;
    }

    private AwsSession Give(string accessKey, string caller)
    {
        _caller = $"arn:aws:sts::111122223333:assumed-role/{caller}";
        return _session ?? new AwsSession(accessKey, "secret", "token");
    }

    private static string Expiration() => TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
