using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Iam;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>Asks whether the policies give the registry more than it needs: whoever gets at a node gets at all that its registry may do.</summary>
internal sealed class ExcessPermissionsCheck : ICheck<AccessFacts>
{
    public CheckDefinition Definition { get; } = new("excessPermissions", ConditionTypes.AccessGranted, Severity.Warn);

    public CheckAnswer Judge(AccessFacts facts, CheckContext context)
    {
        if (AccessUnanswered.Why(facts, facts.Excess, Definition.Name, context) is { } unanswered)
        {
            return unanswered;
        }

        string principal = facts.Principal!.Value!.Arn;
        (string Where, SimulatedDecision Decision)[] allowed =
            [.. facts.Beyond.Zip(facts.Excess!.Value!.Decisions, (right, decision) => (right.Where, decision)).Where(right => right.decision.IsAllowed)];
        if (allowed.Length == 0)
        {
            return CheckAnswer.Pass(
                Reasons.LeastPrivilege, $"{principal} may do none of the {facts.Beyond.Count} things that were asked about and that the registry does not need.");
        }

        IEnumerable<string> rights = allowed.GroupBy(right => right.Where).Select(group =>
            $"{group.Key}: {string.Join(", ", group.Select(right => right.Decision.Request.Action))} ({Allowing(group.Select(right => right.Decision))})");
        string policy = context.Spec.Access == AccessMode.ReadOnly ? "consumer-policy.json" : "publisher-policy.json";
        return CheckAnswer.Fail(
            Reasons.ExcessPermissions,
            $"{principal} may do more than the registry needs, {string.Join("; ", rights)}. "
            + $"All that it needs is in ConfigMap \"{context.PoliciesConfigMap}\", key {policy}: attach that in place of what it has.");
    }

    private static string Allowing(IEnumerable<SimulatedDecision> decisions)
    {
        MatchedPolicy[] policies = [.. decisions.SelectMany(decision => decision.Policies).Distinct()];
        return policies.Length == 0 ? "IAM does not tell by which policy" : $"by {string.Join(" and ", policies.AsEnumerable())}";
    }
}
