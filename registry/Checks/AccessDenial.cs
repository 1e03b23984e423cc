using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Checks;

/// <summary>
/// What AWS says in the message of an AccessDenied, taken apart (IAM user guide, "Troubleshoot access denied error messages"): who was denied
/// what, and which kind of policy denies it, by a Deny statement or by not allowing it.
/// </summary>
/// <param name="Who">The caller's ARN.</param>
/// <param name="Action">The action, which need not be the one that was called: S3 asks KMS for <c>kms:Decrypt</c> in the caller's name.</param>
/// <param name="Resource">What it was denied on.</param>
/// <param name="Policy">The kind of policy: <c>identity-based policy</c>, <c>resource-based policy</c>, <c>permissions boundary</c> and so on; null if AWS does not say.</param>
/// <param name="IsExplicit">Whether a Deny statement matched; false means that no statement allows it.</param>
internal sealed partial record AccessDenial(string Who, string Action, string Resource, string? Policy, bool IsExplicit)
{
    private bool IsKms => Action.StartsWith("kms:", StringComparison.Ordinal);

    public static AccessDenial? TryParse(string message)
    {
        if (Denied().Match(message) is not { Success: true } denied)
        {
            return null;
        }

        Match explicitly = Explicitly().Match(message);
        Match implicitly = Implicitly().Match(message);
        string? policy = explicitly.Success ? explicitly.Groups[1].Value : implicitly.Success ? implicitly.Groups[1].Value : null;
        return new AccessDenial(
            denied.Groups["who"].Value, denied.Groups["action"].Value, denied.Groups["resource"].Value, policy?.ToLowerInvariant(), explicitly.Success);
    }

    /// <summary>What to change so that it is allowed.</summary>
    /// <param name="objects">The ARN of all that the registry keeps, with an asterisk at its end: it is told in place of the one object of it that was tried.</param>
    public string Advice(string objects)
    {
        string what = $"{Action} on {(Resource.StartsWith(objects.TrimEnd('*'), StringComparison.Ordinal) ? objects : Resource)}";
        string resourcePolicy = IsKms ? "the KMS key's policy" : "the bucket's policy";
        return (Policy, IsExplicit) switch
        {
            ("identity-based policy", true) => $"a Deny statement in the policies of {Who} matches {what}: take it out or narrow it",
            ("identity-based policy", false) => $"allow {what} in a policy of {Who}",
            ("resource-based policy", true) => $"a Deny statement in {resourcePolicy} matches {what}: change that statement, or what it asks of the request",
            ("resource-based policy", false) => $"allow {Who} {what} in {resourcePolicy}",
            ("permissions boundary", true) => $"the permissions boundary of {Who} denies {what}: change the boundary",
            ("permissions boundary", false) => $"the permissions boundary of {Who} does not allow {what}: add it to the boundary",
            ("session policy", _) => $"the policy of the session, given when the role was assumed, does not allow {what}",
            ("service control policy", true) => $"a service control policy of your organization denies {what}: ask who administers it",
            ("service control policy", false) => $"the service control policies of your organization do not allow {what}: ask who administers them",
            ("resource control policy", _) => $"a resource control policy of your organization denies {what}: ask who administers it",
            ("vpc endpoint policy", _) => $"the policy of the VPC endpoint that the node goes through does not allow {what}: change the endpoint's policy",
            (not null, _) => $"a {Policy} denies {what}: change it",
            _ => IsKms ? $"allow {Who} {what}, in its policies and in the KMS key's policy" : $"allow {Who} {what}",
        };
    }

    [GeneratedRegex("""User: (?<who>\S+) is not authorized to perform: (?<action>[\w-]+:\w+)(?: on resource: "?(?<resource>[^\s"]+)"?)?""", RegexOptions.CultureInvariant)]
    private static partial Regex Denied();

    [GeneratedRegex("with an explicit deny in an? ((?:[A-Za-z-]+ ){0,3}(?:policy|boundary))", RegexOptions.CultureInvariant)]
    private static partial Regex Explicitly();

    [GeneratedRegex("because no ((?:[A-Za-z-]+ ){0,3}(?:policy|boundary)) allows", RegexOptions.CultureInvariant)]
    private static partial Regex Implicitly();
}
