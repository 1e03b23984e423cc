using Amazon.Runtime;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Registry.Checks;

/// <summary>Says why there are no credentials: none at all, a file that is of no use, a role that is refused, or a service that does not answer.</summary>
internal static class CredentialsAnswer
{
    private const string NotRefused = "this says nothing of the role itself and is tried again by itself";

    // All that the SDK keeps of an agent's answer is the sentence that HttpClient makes of its status: 4xx is an answer.
    private const string AgentRefuses = "does not indicate success: 4";

    /// <summary>None were found.</summary>
    /// <param name="e">What the AWS chain says.</param>
    /// <param name="variable">Gives an environment variable.</param>
    public static string Absent(AmazonClientException e, Func<string, string?> variable)
    {
        if (e.Message.StartsWith("the credentials file", StringComparison.Ordinal))
        {
            return $"{e.Message}: write a section [default] with aws_access_key_id and aws_secret_access_key into it, as in ~/.aws/credentials";
        }

        var seen = new List<string>();
        if (variable("AWS_ROLE_ARN") is { Length: > 0 } role && variable("AWS_WEB_IDENTITY_TOKEN_FILE") is null or "")
        {
            seen.Add($"AWS_ROLE_ARN names {role}, but AWS_WEB_IDENTITY_TOKEN_FILE no token");
        }
        else if (variable("AWS_WEB_IDENTITY_TOKEN_FILE") is { Length: > 0 } token)
        {
            seen.Add(variable("AWS_ROLE_ARN") is null or "" ? $"AWS_WEB_IDENTITY_TOKEN_FILE names {token}, but AWS_ROLE_ARN no role" : $"{token} must be an absolute path");
        }
        else
        {
            seen.Add("no role in the pod's environment");
        }

        seen.Add(variable("AWS_SHARED_CREDENTIALS_FILE") is { Length: > 0 } file ? $"no credentials file at {file}" : "no credentials file");
        seen.Add(string.Equals(variable("AWS_EC2_METADATA_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
            ? "the node's role is not asked for"
            : "the node's metadata service gives no role");
        return $"no credentials: give the ServiceAccount a role, or put a credentials file into the Secret that spec.credentials.secretRef names ({string.Join("; ", seen)})";
    }

    /// <summary>The token service did not give the role for the pod's token.</summary>
    /// <param name="e">What the AWS chain says.</param>
    /// <param name="role">The role's ARN.</param>
    /// <param name="path">The token's file.</param>
    /// <param name="token">Its text, of which only the claims are told; null if there is no file.</param>
    /// <param name="service">The token service.</param>
    /// <param name="time">The clock.</param>
    public static (CheckOutcome Outcome, string Message) RefusedRole(Exception e, string role, string path, string? token, string service, TimeProvider time)
    {
        if (token is null)
        {
            return (CheckOutcome.Failed, $"there is no token at {path}: the pod got none projected for role {role}");
        }

        AmazonServiceException? answer = Answer(e);
        if (IsUnanswered(e, answer))
        {
            return (CheckOutcome.Unknown, $"{service} does not answer: {Why(e)}; {NotRefused}");
        }

        if (answer?.ErrorCode is "IDPCommunicationError")
        {
            return (CheckOutcome.Unknown, $"{service} cannot reach the issuer of the pod's token to check it ({Quote(answer)}); {NotRefused}");
        }

        string refused = $"{service} denies AssumeRoleWithWebIdentity for role {role} ({Quote(answer) ?? Why(e)})";
        if (WebIdentityToken.TryParse(token) is not { } claims)
        {
            return (CheckOutcome.Failed, $"{refused}: {path} holds no token of a ServiceAccount");
        }

        if (claims.Expires is { } expires && expires <= time.GetUtcNow())
        {
            return (CheckOutcome.Failed, $"{refused}: the pod's token expired at {expires:yyyy-MM-dd HH:mm:ss}Z; see that the node's clock and its kubelet are well");
        }

        string issuer = claims.Issuer.Replace("https://", "", StringComparison.Ordinal).Replace("http://", "", StringComparison.Ordinal);
        return (CheckOutcome.Failed,
            $"{refused}: the pod's token has subject {claims.Subject}, audience {claims.Audience} and issuer {claims.Issuer}. An OIDC provider for that issuer must "
            + $"know that audience, and the role's trust policy must allow that provider sts:AssumeRoleWithWebIdentity where {issuer}:sub is that subject and {issuer}:aud that audience");
    }

    /// <summary>Credentials of another kind could not be had.</summary>
    /// <param name="e">What the AWS chain says.</param>
    /// <param name="source">Their kind, as in <see cref="CheckIdentity.Source"/>.</param>
    public static (CheckOutcome Outcome, string Message) Refused(Exception e, string source)
    {
        string service = source switch
        {
            CheckIdentity.ContainerSource => "the agent that gives the pod its role (EKS Pod Identity)",
            CheckIdentity.InstanceSource => "the node's metadata service",
            _ => $"the service behind the credentials of kind {source}",
        };
        AmazonServiceException? answer = Answer(e);
        return IsUnanswered(e, answer) && !e.Message.Contains(AgentRefuses, StringComparison.Ordinal)
            ? (CheckOutcome.Unknown, $"{service} does not answer: {Why(e)}; {NotRefused}")
            : (CheckOutcome.Failed, $"{service} gives no credentials ({Quote(answer) ?? Why(e)}): see that it associates a role with this ServiceAccount or node");
    }

    /// <summary>What AWS's answer to <c>sts:GetCallerIdentity</c>, which needs no permission, says of the keys; null if it says nothing of them.</summary>
    public static string? WrongKeys(string? errorCode) => errorCode switch
    {
        "InvalidClientTokenId" or "UnrecognizedClientException" => "AWS does not know the access key id, or it is inactive: correct the credentials",
        "SignatureDoesNotMatch" or "IncompleteSignature" => "the secret access key does not belong to the access key id: correct the credentials",
        "ExpiredToken" or "ExpiredTokenException" => "the credentials have expired: renew them",
        _ => null,
    };

    private static bool IsUnanswered(Exception e, AmazonServiceException? answer) =>
        answer is null ? Chain(e).Any(each => each is HttpRequestException or OperationCanceledException or TimeoutException or IOException and not FileNotFoundException)
        : answer.StatusCode == 0 || (int)answer.StatusCode >= 500;

    private static AmazonServiceException? Answer(Exception e) => Chain(e).OfType<AmazonServiceException>().LastOrDefault();

    /// <summary>Why there was no answer.</summary>
    public static string Why(Exception e) => Chain(e).Any(each => each is OperationCanceledException or TimeoutException) ? "it took too long" : Chain(e).Last().Message.ReplaceLineEndings(" ").Trim();

    private static string? Quote(AmazonServiceException? e)
    {
        if (e is null)
        {
            return null;
        }

        string code = !string.IsNullOrEmpty(e.ErrorCode) ? e.ErrorCode : e.StatusCode == 0 ? "" : $"{(int)e.StatusCode}";
        // What the SDK says of an answer without words holds all of its XML.
        string message = e.Message.StartsWith("The service returned an error with Error Code", StringComparison.Ordinal) ? "" : e.Message.ReplaceLineEndings(" ").Trim();
        return string.Join(": ", ((string[])[code, message]).Where(part => part.Length > 0));
    }

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}
