using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Controllers;

/// <summary>Sums the other conditions up as <c>Ready</c>: whether the current generation is proven and serves.</summary>
internal static class ReadySummary
{
    /// <param name="checks">The checks by condition type, the configuration's first.</param>
    /// <param name="mode">Whether checks other than the configuration's only warn.</param>
    /// <param name="decision">What the nodes are given.</param>
    /// <param name="rollout">What the nodes say.</param>
    /// <param name="mirrors">Whether they pull through their registries.</param>
    /// <param name="generation">The resource's generation.</param>
    public static ConditionAnswer Of(
        IReadOnlyList<(string Type, ConditionAnswer Answer)> checks, ValidationMode mode, GateDecision decision, RolloutObservation rollout, MirrorAnswer mirrors, long generation)
    {
        (string Type, ConditionAnswer Answer)[] open = [.. checks.Where(c => !c.Answer.Holds && c.Answer.Reason != Reasons.ChecksOff)];
        string told = string.Join(" ", open.Where(c => c.Answer.Reason != Reasons.NotChecked).Select(c => $"{c.Type}: {Sentence(c.Answer.Message)}"));
        bool onlyWarns = mode == ValidationMode.Warn && open.All(c => c.Type != ConditionTypes.ConfigValid);
        if (open.Length > 0 && !onlyWarns)
        {
            // What is false weighs more than what is not known; a fleet that serves is not known to be broken while a check cannot be made.
            ConditionAnswer worst = open.Select(c => c.Answer).FirstOrDefault(a => a.Status == ConditionStatus.False) ?? open[0].Answer;
            bool isServing = decision is { IsCurrent: true, Target: not null };
            return new ConditionAnswer(
                worst.Status == ConditionStatus.Unknown && isServing ? ConditionStatus.Unknown : ConditionStatus.False,
                worst.Reason,
                $"{told} {Meanwhile(decision)}");
        }

        ConditionAnswer? unfinished = rollout.Progressing.Reason != Reasons.RolloutComplete ? rollout.Progressing
            : rollout.Available.Holds ? null : rollout.Available;
        if (unfinished is not null)
        {
            return ConditionAnswer.False(unfinished.Reason, unfinished.Message);
        }

        // After the rollout, which has to reach a node before that can pull through anything.
        if (!mirrors.Condition.Holds)
        {
            string mirrored = $"{ConditionTypes.MirrorConfigured}: {Sentence(mirrors.Condition.Message)}";
            if (mode != ValidationMode.Warn && !mirrors.IsTolerable)
            {
                return mirrors.Condition with { Message = $"{mirrored} {Meanwhile(decision)}" };
            }

            told = told.Length == 0 ? mirrored : $"{told} {mirrored}";
        }

        // What only warns is told whole where it belongs.
        string[] withWarnings = [.. checks.Where(c => c.Answer.Reason == Reasons.PassedWithWarnings).Select(c => c.Type)];
        string serving = $"Generation {generation} serves on {rollout.Nodes?.Ready} nodes{(told.Length == 0 ? "" : $", but {told}")}";
        string warnings = withWarnings.Length == 0 ? "" : $" Warnings are told by {string.Join(" and ", withWarnings)}.";
        return told.Length > 0 || withWarnings.Length > 0
            ? ConditionAnswer.True(Reasons.ServingWithWarnings, $"{Sentence(serving)}{warnings}")
            : ConditionAnswer.True(Reasons.AllChecksPassed, $"Generation {generation} is proven and serves on {rollout.Nodes?.Ready} nodes.");
    }

    // A command at the end stays as it is, so that it can be copied.
    private static string Sentence(string message) => message.Length > 0 && char.IsLetterOrDigit(message[^1]) ? $"{message}." : message;

    private static string Meanwhile(GateDecision decision) => decision switch
    {
        { Target: null } => "Nothing is rolled out until this passes.",
        { IsCurrent: true } => "The nodes go on serving.",
        { Target.Generation: var generation } => $"The nodes keep serving generation {generation}.",
    };
}
