using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Iam;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>
/// Asks whether the policies give the registry what it needs, and which of them stands in the way. It explains, the real calls decide: what the
/// preflight did, the registry may do, whatever a simulation makes of conditions that it cannot know.
/// </summary>
internal sealed class PermissionsCheck : ICheck<AccessFacts>
{
    public CheckDefinition Definition { get; } = new("permissions", ConditionTypes.AccessGranted, Severity.Enforce);

    public CheckAnswer Judge(AccessFacts facts, CheckContext context)
    {
        if (AccessUnanswered.Why(facts, facts.Needed, Definition.Name, context) is { } unanswered)
        {
            return unanswered;
        }

        IamPrincipal principal = facts.Principal!.Value!;
        SimulationResult simulation = facts.Needed!.Value!;
        MissingRight[] denied = [.. facts.Rights.Zip(simulation.Decisions, MissingRight.Of).OfType<MissingRight>()];
        var proof = new LiveProof(facts.Report);
        MissingRight[] refuted = [.. denied.Where(d => proof.Shows(d.Right.Action))];
        MissingRight[] missing = [.. denied.Where(d => !proof.Shows(d.Right.Action) && !IsRefuted(d, refuted))];
        // A key's own policy may give what the identity's do not, and no simulation looks at it.
        MissingRight[] left = [.. missing.Where(m => m is { Reason: Reasons.PermissionMissing } && m.Right.Action.StartsWith("kms:", StringComparison.Ordinal))];
        MissingRight[] optional = [.. missing.Where(m => m.Right.IsOptional)];
        missing = [.. missing.Except(optional).Except(left)];
        return missing.Length == 0
            ? CheckAnswer.Pass(Reasons.PermissionsGranted, Granted(principal, facts, refuted, simulation) + LeftToKey(left) + DoneWithout(optional))
            : CheckAnswer.Fail(missing[0].Reason, $"{principal.Arn} lacks what the registry needs: {MissingRights.Describe(missing, principal, context.Driver)}{Limits(simulation)}");
    }

    // A statement that denied what was then done looks at something that a simulation does not know, and so it does elsewhere.
    private static bool IsRefuted(MissingRight denied, IEnumerable<MissingRight> refuted) => denied.Decision is { Effect: SimulatedEffect.ExplicitlyDenied, Policies.Count: > 0 }
        && denied.Decision.Policies.All(policy => refuted.Any(r => r.UnknownContext.Any() && r.Decision.Policies.Contains(policy)));

    private static string Granted(IamPrincipal principal, AccessFacts facts, MissingRight[] refuted, SimulationResult simulation)
    {
        string actions = string.Join(", ", facts.Rights.Where(right => !right.IsOptional).Select(right => right.Action).Distinct());
        string disagreement = refuted.Length == 0
            ? ""
            : $" IAM's simulation denies {string.Join(", ", refuted.Select(r => $"{r.Right.Action} ({r.Cause})").Distinct())}, but the preflight did it, which counts.";
        return $"{principal.Arn} may do what the registry needs: {actions}.{disagreement}{Limits(simulation)}";
    }

    private static string LeftToKey(MissingRight[] left) => left.Length == 0
        ? ""
        : $" {string.Join(", ", left.Select(l => l.Right.Action).Distinct())} on {left[0].Right.Resource} is in none of its policies, so the key's own policy must allow it.";

    private static string DoneWithout(MissingRight[] optional) =>
        string.Concat(optional.Select(o => $" It does without {o.Right.Action}, but {o.Right.Why}."));

    private static string Limits(SimulationResult simulation) => simulation.WithBucketPolicy ? "" : " The bucket's policy could not be taken into account.";
}
