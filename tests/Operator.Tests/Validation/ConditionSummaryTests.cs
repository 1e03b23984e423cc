using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Validation;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

public sealed class ConditionSummaryTests
{
    private static readonly CheckAnswer Good = CheckAnswer.Pass("Good", "all is well.");
    private static readonly CheckAnswer Bad = CheckAnswer.Fail("Bad", "it is bad.");
    private static readonly CheckAnswer Unsure = CheckAnswer.Unknown("Unsure", "who knows.");
    private static readonly CheckAnswer Beside = CheckAnswer.Skip("Beside", "does not apply.");
    private static readonly CheckAnswer NotAsked = CheckAnswer.Unknown(Reasons.NotChecked, "not asked.");

    [Fact]
    public void Of_all_that_passed_holds_and_tells_what_was_seen() =>
        Check(ConditionStatus.True, Reasons.ChecksPassed, "all is well.", (Severity.Enforce, Good), (Severity.Enforce, Beside));

    [Fact]
    public void Of_one_that_failed_does_not_hold_and_tells_it_before_what_is_not_known() => Check(
        ConditionStatus.False, "Bad", "check1: it is bad.; check0: who knows.", (Severity.Enforce, Unsure), (Severity.Enforce, Bad));

    [Fact]
    public void Of_one_that_is_not_known_is_not_known() =>
        Check(ConditionStatus.Unknown, "Unsure", "check1: who knows.", (Severity.Enforce, Good), (Severity.Enforce, Unsure));

    [Fact]
    public void Of_one_that_only_warns_holds_and_tells_it() => Check(
        ConditionStatus.True, Reasons.PassedWithWarnings, "check1 (warning): it is bad.", (Severity.Enforce, Good), (Severity.Warn, Bad));

    [Fact]
    public void Of_what_was_not_asked_because_of_another_leaves_it_out() => Check(
        ConditionStatus.False, "Bad", "check0: it is bad.", (Severity.Enforce, Bad), (Severity.Enforce, NotAsked), (Severity.Warn, NotAsked));

    [Fact]
    public void Of_nothing_but_what_is_off_says_so() =>
        Check(ConditionStatus.Unknown, Reasons.ChecksOff, "Every check of it is switched off in spec.validation.checks.");

    [Fact]
    public void Of_more_than_a_condition_takes_keeps_the_beginning()
    {
        ConditionAnswer answer = ConditionSummary.Of([FindingOf(0, Severity.Enforce, CheckAnswer.Fail("Bad", new string('x', 40000)))]);

        Assert.Equal(8192, answer.Message.Length);
        Assert.StartsWith("check0: xxx", answer.Message, StringComparison.Ordinal);
        Assert.EndsWith("x...", answer.Message, StringComparison.Ordinal);
        Assert.Equal((ConditionStatus.False, "Bad"), (answer.Status, answer.Reason));
    }

    private static Finding FindingOf(int number, Severity severity, CheckAnswer answer) =>
        new(new CheckDefinition($"check{number}", "Condition", Severity.Enforce), severity, answer);

    private static void Check(ConditionStatus status, string reason, string message, params (Severity Severity, CheckAnswer Answer)[] findings) => Assert.Equal(
        new ConditionAnswer(status, reason, message),
        ConditionSummary.Of([.. findings.Select((f, i) => FindingOf(i, f.Severity, f.Answer))]));
}
