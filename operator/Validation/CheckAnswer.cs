using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Validation;

/// <summary>What a check found.</summary>
/// <param name="Outcome">Whether what it asks for holds; Unknown if it could not find out.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">What was found and, if it does not hold, what to change.</param>
internal sealed record CheckAnswer(ConditionStatus Outcome, string Reason, string Message)
{
    public bool Passed => Outcome == ConditionStatus.True;

    public static CheckAnswer True(string reason, string message) => new(ConditionStatus.True, reason, message);

    public static CheckAnswer False(string reason, string message) => new(ConditionStatus.False, reason, message);

    public static CheckAnswer Unknown(string reason, string message) => new(ConditionStatus.Unknown, reason, message);
}
