using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation;

/// <summary>
/// Holds who the registry turned out to be against the role that the resource asks for. On EKS the role comes by a webhook: a pod that was made
/// while it was away runs without the role and, where the node has one, silently as the node.
/// </summary>
internal static class RoleComparison
{
    /// <summary>The annotation by which EKS gives a ServiceAccount a role.</summary>
    public const string Annotation = "eks.amazonaws.com/role-arn";

    /// <summary>What is wrong and what to do; null if the registry is who it should be, or nothing is asked for.</summary>
    public static string? Problem(LocalRegistrySpec spec, CheckIdentity? identity)
    {
        if (identity is null || Asked(spec) is not { } asked)
        {
            return null;
        }

        // One resource may serve clusters with roles and clusters without: where its Secret is, the Secret's file is the identity.
        bool fromSecret = identity.Source == "profile" && spec.Credentials?.SecretRef is not null;
        if (fromSecret || (identity.Arn is null ? identity.Role == asked.Role : IsSessionOf(identity.Arn, asked.Role)))
        {
            return null;
        }

        string who = identity.Arn ?? $"one with credentials from {identity.Source}";
        string why = identity.Role is null
            ? "the pod was given no token for that role. See that the ServiceAccount carries the annotation and that EKS's Pod Identity webhook runs, or name the role in spec.credentials.webIdentity"
            : $"the pod asks for {identity.Role}. Correct the ServiceAccount's annotation, or {asked.Where}";
        return $"the registry is {who}, not the role {asked.Role} that {asked.Where} names: {why}";
    }

    private static (string Role, string Where)? Asked(LocalRegistrySpec spec)
    {
        if (spec.Credentials?.WebIdentity is { } web)
        {
            return (web.RoleArn, "spec.credentials.webIdentity.roleArn");
        }

        return spec.ServiceAccount.Annotations?.TryGetValue(Annotation, out string? role) == true
            ? (role, $"spec.serviceAccount.annotations[{Annotation}]")
            : null;
    }

    // arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION of arn:aws:iam::ACCOUNT:role/PATH/NAME: the path is lost in the session's ARN.
    private static bool IsSessionOf(string arn, string role) =>
        arn.Split(':', 6) is [_, _, "sts", _, var account, var session]
        && session.Split('/') is ["assumed-role", var name, ..]
        && role.Split(':', 6) is [_, _, "iam", _, var roleAccount, var path]
        && account == roleAccount
        && name == path[(path.LastIndexOf('/') + 1)..];
}
