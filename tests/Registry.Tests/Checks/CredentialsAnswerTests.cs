using System.Buffers.Text;
using System.Net;
using System.Text;
using Amazon.Runtime;
using LocalRegistry.Registry.Checks;
using LocalRegistry.Registry.Configuration.Check;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Checks;

public sealed class CredentialsAnswerTests
{
    private const string Role = "arn:aws:iam::111122223333:role/registry";
    private const string Path = "/var/run/token";
    private const string Service = "AWS STS in us-east-1";

    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly string Token = Encode(
        $$"""{"iss":"https://issuer.example/id","sub":"system:serviceaccount:ns:registry","aud":["sts.amazonaws.com"],"exp":{{Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds()}}}""");

    [Theory]
    [InlineData("AccessDenied", HttpStatusCode.Forbidden)]
    [InlineData("InvalidIdentityToken", HttpStatusCode.BadRequest)]
    [InlineData(null, HttpStatusCode.Forbidden)]
    public void RefusedRole_that_is_denied_tells_role_subject_audience_and_what_must_name_them(string? code, HttpStatusCode status)
    {
        (CheckOutcome outcome, string message) = RefusedRole(Denied(code, status), Token);

        Assert.Equal(CheckOutcome.Failed, outcome);
        Assert.StartsWith($"{Service} denies AssumeRoleWithWebIdentity for role {Role} ({code ?? "403"}: said)", message, StringComparison.Ordinal);
        Assert.Contains("subject system:serviceaccount:ns:registry, audience sts.amazonaws.com and issuer https://issuer.example/id", message, StringComparison.Ordinal);
        Assert.Contains("issuer.example/id:sub is that subject and issuer.example/id:aud that audience", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token.Split('.')[1], message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusedRole_by_an_answer_without_words_tells_its_code_alone()
    {
        const string Sdk = "The service returned an error with Error Code AccessDenied and HTTP Body: <?xml version=\"1.0\"?><ErrorResponse/>";
        var e = new AmazonServiceException(Sdk, ErrorType.Sender, "AccessDenied", "request", HttpStatusCode.Forbidden);

        Assert.Contains($"for role {Role} (AccessDenied): the pod's token", RefusedRole(e, Token).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusedRole_with_a_token_that_expired_says_when()
    {
        string token = Encode($$"""{"exp":{{Time.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds()}}}""");

        (CheckOutcome outcome, string message) = RefusedRole(Denied("ExpiredTokenException", HttpStatusCode.BadRequest), token);

        Assert.Equal(CheckOutcome.Failed, outcome);
        Assert.Contains("the pod's token expired at 2025-12-31 23:59:00Z", message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusedRole_without_a_token_names_its_file()
    {
        (CheckOutcome outcome, string message) = RefusedRole(new InvalidOperationException("no", new FileNotFoundException()), null);

        Assert.Equal((CheckOutcome.Failed, $"there is no token at {Path}: the pod got none projected for role {Role}"), (outcome, message));
    }

    [Fact]
    public void RefusedRole_with_a_file_that_holds_no_token_says_so_and_does_not_show_it()
    {
        (CheckOutcome outcome, string message) = RefusedRole(Denied("InvalidIdentityToken", HttpStatusCode.BadRequest), "a secret");

        Assert.Equal(CheckOutcome.Failed, outcome);
        Assert.EndsWith($"{Path} holds no token of a ServiceAccount", message, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret", message, StringComparison.Ordinal);
    }

    public static TheoryData<Exception> NoAnswer =>
    [
        new AmazonClientException("Error calling AssumeRole", new HttpRequestException("Connection refused")),
        new AmazonClientException("Error calling AssumeRole", new AmazonServiceException("down", ErrorType.Receiver, "InternalFailure", "", HttpStatusCode.InternalServerError)),
        new AmazonServiceException("Unable to retrieve credentials"),
        new TaskCanceledException(),
    ];

    [Theory]
    [MemberData(nameof(NoAnswer))]
    public void Refused_by_a_service_that_does_not_answer_is_unknown(Exception e)
    {
        (CheckOutcome role, string message) = RefusedRole(e, Token);

        Assert.Equal(CheckOutcome.Unknown, role);
        Assert.StartsWith($"{Service} does not answer: ", message, StringComparison.Ordinal);
        Assert.Equal(CheckOutcome.Unknown, CredentialsAnswer.Refused(e, "container").Outcome);
    }

    [Fact]
    public void RefusedRole_because_the_issuer_cannot_be_reached_is_unknown() =>
        Assert.Equal(CheckOutcome.Unknown, RefusedRole(Denied("IDPCommunicationError", HttpStatusCode.BadRequest), Token).Outcome);

    [Fact]
    public void Refused_by_an_agent_that_answers_is_a_failure_that_names_it()
    {
        var e = new AmazonServiceException("Unable to retrieve credentials. Message = \"Response status code does not indicate success: 400 (Bad Request).\"");

        (CheckOutcome outcome, string message) = CredentialsAnswer.Refused(e, "container");

        Assert.Equal(CheckOutcome.Failed, outcome);
        Assert.StartsWith("the agent that gives the pod its role (EKS Pod Identity) gives no credentials", message, StringComparison.Ordinal);
        Assert.Contains("400 (Bad Request)", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no role in the pod's environment; no credentials file; the node's metadata service gives no role")]
    [InlineData("AWS_ROLE_ARN names r, but AWS_WEB_IDENTITY_TOKEN_FILE no token; no credentials file; the node's role is not asked for", "AWS_ROLE_ARN=r", "AWS_EC2_METADATA_DISABLED=true")]
    [InlineData("AWS_WEB_IDENTITY_TOKEN_FILE names /t, but AWS_ROLE_ARN no role; no credentials file at /f; ", "AWS_WEB_IDENTITY_TOKEN_FILE=/t", "AWS_SHARED_CREDENTIALS_FILE=/f")]
    public void Absent_says_what_was_looked_for(string seen, params string[] variables)
    {
        var environment = variables.Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);

        string message = CredentialsAnswer.Absent(new AmazonClientException("Failed to resolve"), environment.GetValueOrDefault);

        Assert.StartsWith($"no credentials: give the ServiceAccount a role, or put a credentials file into the Secret that spec.credentials.secretRef names ({seen}", message, StringComparison.Ordinal);
    }

    private static (CheckOutcome Outcome, string Message) RefusedRole(Exception e, string? token) => CredentialsAnswer.RefusedRole(e, Role, Path, token, Service, Time);

    private static AmazonClientException Denied(string? code, HttpStatusCode status) =>
        new("Error calling AssumeRole", new AmazonServiceException("said", ErrorType.Sender, code, "request", status));

    private static string Encode(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";
}
