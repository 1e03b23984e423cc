using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.Grants;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>A right that the policies do not give.</summary>
/// <param name="Right">The right.</param>
/// <param name="Decision">What they say to it.</param>
/// <param name="Reason">Why it is missing, one of <see cref="Reasons"/>.</param>
internal sealed record MissingRight(Right Right, SimulatedDecision Decision, string Reason)
{
    /// <summary>What stands in the way, for a sentence.</summary>
    public string Cause => Reason switch
    {
        Reasons.DeniedByOrganization => "a service control policy of the organization does not allow it",
        Reasons.DeniedByBoundary => "the permissions boundary does not allow it",
        Reasons.PermissionMissing => $"no policy allows it{Conditions}",
        _ => $"denied by {string.Join(" and ", Decision.Policies)}{Conditions}",
    };

    /// <summary>Condition keys that the policies look at and whose value in the real request nobody knows before it is made.</summary>
    public IEnumerable<string> UnknownContext => Decision.MissingContext.Where(key => !IsOurs(key));

    /// <summary>Condition keys that the policies look at and that the registry's request does not carry.</summary>
    public IEnumerable<string> AbsentContext => Decision.MissingContext.Where(IsOurs);

    private string Conditions => (Of(AbsentContext), Of(UnknownContext)) switch
    {
        ("", "") => "",
        (var absent, "") => $"; the policies look at {absent}, which this request of the registry does not carry",
        ("", var unknown) => $"; the policies look at {unknown}, which a simulation does not know",
        var (absent, unknown) =>
            $"; the policies look at {absent}, which this request of the registry does not carry, and at {unknown}, which a simulation does not know",
    };

    /// <summary>The right if it is missing, or null.</summary>
    public static MissingRight? Of(Right right, SimulatedDecision decision) => decision switch
    {
        { IsAllowed: true } => null,
        { WithinOrganization: false } => new(right, decision, Reasons.DeniedByOrganization),
        { WithinBoundary: false } => new(right, decision, Reasons.DeniedByBoundary),
        { Effect: SimulatedEffect.ExplicitlyDenied } when decision.Policies.Any(p => p.Kind == MatchedPolicyKind.Bucket) =>
            new(right, decision, Reasons.DeniedByBucketPolicy),
        { Effect: SimulatedEffect.ExplicitlyDenied } => new(right, decision, Reasons.DeniedByPolicy),
        _ => new(right, decision, Reasons.PermissionMissing),
    };

    private static string Of(IEnumerable<string> keys) => string.Join(", ", keys);

    // What the registry itself says in its requests is given where it says it.
    private static bool IsOurs(string key) => key.StartsWith("s3:x-amz-", StringComparison.OrdinalIgnoreCase)
        || key.Equals(RightContext.Prefix, StringComparison.OrdinalIgnoreCase)
        || key.Equals("s3:delimiter", StringComparison.OrdinalIgnoreCase);
}
