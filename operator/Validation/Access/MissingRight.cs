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

    private string Conditions => Decision.MissingContext.Count == 0
        ? ""
        : $"; the policies look at {string.Join(", ", Decision.MissingContext)}, which a simulation does not know";

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
}
