using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation;

/// <summary>Sums the checks of one condition up.</summary>
internal static class ConditionSummary
{
    // Of a condition's message Kubernetes takes 32768 characters, and refuses the whole status for one more.
    private const int Longest = 8192;

    /// <param name="findings">What the condition's checks found; those that are off are not among them.</param>
    public static ConditionAnswer Of(IReadOnlyList<Finding> findings)
    {
        ConditionAnswer whole = Sum(findings);
        return whole.Message.Length <= Longest ? whole : whole with { Message = Cut(whole.Message) };
    }

    private static ConditionAnswer Sum(IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return ConditionAnswer.Unknown(Reasons.ChecksOff, "Every check of it is switched off in spec.validation.checks.");
        }

        Finding[] blocking = [.. findings.Where(f => f.Blocks).OrderBy(f => f.Answer.Outcome == CheckOutcome.Failed ? 0 : 1)];
        Finding[] warning = [.. findings.Where(f => f.Warns && f.Answer.Reason != Reasons.NotChecked)];
        if (blocking is [var worst, ..])
        {
            return new ConditionAnswer(
                worst.Answer.Outcome == CheckOutcome.Failed ? ConditionStatus.False : ConditionStatus.Unknown,
                worst.Answer.Reason,
                // What was not asked because of another answer adds nothing to it.
                Join([.. blocking.Where(f => f == worst || f.Answer.Reason != Reasons.NotChecked), .. warning]));
        }

        return warning.Length > 0
            ? ConditionAnswer.True(Reasons.PassedWithWarnings, Join(warning))
            : ConditionAnswer.True(Reasons.ChecksPassed, string.Join(' ', findings.Where(f => f.Answer.Outcome == CheckOutcome.Passed).Select(f => f.Answer.Message)));
    }

    private static string Cut(string message)
    {
        const string More = "...";
        int end = Longest - More.Length;
        // Half of a pair of surrogates is no text.
        return message[..(char.IsHighSurrogate(message[end - 1]) ? end - 1 : end)] + More;
    }

    private static string Join(IEnumerable<Finding> findings) =>
        string.Join("; ", findings.Select(f => $"{f.Check.Name}{(f.Severity == Severity.Warn ? " (warning)" : "")}: {f.Answer.Message}"));
}
