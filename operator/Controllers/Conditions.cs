using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Controllers;

/// <summary>Makes a resource's conditions of all that was found out about it.</summary>
internal static class Conditions
{
    private static readonly string[] Proven = [ConditionTypes.BucketEncrypted, ConditionTypes.BucketProtected, ConditionTypes.AccessGranted];

    /// <param name="before">The conditions as they were, with the generation and the time.</param>
    /// <param name="configuration">What reading the resource gave.</param>
    /// <param name="proofs">What the checks gave.</param>
    /// <param name="mode">Whether they only warn.</param>
    /// <param name="decision">What the nodes are given.</param>
    /// <param name="nodes">What the nodes say.</param>
    /// <param name="mirrors">Whether they pull through their registries.</param>
    public static ConditionSet Sum(
        ConditionSet before, ConditionAnswer configuration, Proofs proofs, ValidationMode mode, GateDecision decision, RolloutObservation nodes, MirrorAnswer mirrors)
    {
        (string Type, ConditionAnswer Answer)[] checks = [(ConditionTypes.ConfigValid, configuration), .. Proven.Select(type => (type, Of(type, proofs)))];
        ConditionAnswer ready = ReadySummary.Of(checks, mode, decision, nodes, mirrors, before.Generation);
        foreach ((string type, ConditionAnswer answer) in (ReadOnlySpan<(string, ConditionAnswer)>)[
            .. checks, (ConditionTypes.MirrorConfigured, mirrors.Condition), (ConditionTypes.Available, nodes.Available), (ConditionTypes.Progressing, nodes.Progressing), (ConditionTypes.Ready, ready)])
        {
            before.Set(type, answer.Status, answer.Reason, answer.Message);
        }

        return before;
    }

    private static ConditionAnswer Of(string type, Proofs proofs) => proofs.Findings is { } findings
        ? ConditionSummary.Of([.. findings.Where(f => f.Check.Condition == type)])
        : ConditionAnswer.Unknown(Reasons.NotChecked, "Not asked while the configuration is not valid.");
}
