namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>What the policies say to one request.</summary>
/// <param name="Request">The request.</param>
/// <param name="Effect">Whether it would be allowed.</param>
/// <param name="Policies">The policies whose statements decided: those that deny or, where none does, those that allow.</param>
/// <param name="MissingContext">Condition keys that the policies look at and the request did not give: the real request may carry them.</param>
/// <param name="WithinBoundary">Whether the permissions boundary allows it; null if there is none.</param>
/// <param name="WithinOrganization">Whether the organization's policies allow it; null if there are none.</param>
internal sealed record SimulatedDecision(
    SimulatedRequest Request,
    SimulatedEffect Effect,
    IReadOnlyList<MatchedPolicy> Policies,
    IReadOnlyList<string> MissingContext,
    bool? WithinBoundary,
    bool? WithinOrganization)
{
    public bool IsAllowed => Effect == SimulatedEffect.Allowed;
}
