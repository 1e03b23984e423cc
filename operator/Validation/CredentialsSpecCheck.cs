using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Validation;

/// <summary>What <c>spec.credentials</c> must not say. The definition refuses most of it too; API servers before 1.25 do not enforce its rules.</summary>
internal static class CredentialsSpecCheck
{
    public static IEnumerable<string> Problems(CredentialsSpec? credentials)
    {
        if (credentials is { SecretRef: not null, WebIdentity: not null })
        {
            yield return "spec.credentials: names both secretRef and webIdentity, and the registry can have one identity only; remove one of them";
        }

        if (credentials?.WebIdentity is not { } web)
        {
            yield break;
        }

        if (web.RoleArn.Split(':', 6) is not ["arn", _, "iam", _, _, ['r', 'o', 'l', 'e', '/', _, ..]])
        {
            yield return $"spec.credentials.webIdentity.roleArn: must be a role's ARN, such as arn:aws:iam::111122223333:role/registry, not \"{web.RoleArn}\"";
        }

        if (web.StsEndpoint is { } endpoint
            && !(Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)))
        {
            yield return $"spec.credentials.webIdentity.stsEndpoint: must be the URL of a token service, such as https://sts.example.com, not \"{endpoint}\"";
        }
    }
}
