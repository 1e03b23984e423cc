using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Validation;

/// <summary>What a condition is to say.</summary>
/// <param name="Status">Whether it holds; Unknown if that could not be found out.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">What was found and, if it does not hold, what to change.</param>
internal sealed record ConditionAnswer(ConditionStatus Status, string Reason, string Message)
{
    public bool Holds => Status == ConditionStatus.True;

    public static ConditionAnswer True(string reason, string message) => new(ConditionStatus.True, reason, message);

    public static ConditionAnswer False(string reason, string message) => new(ConditionStatus.False, reason, message);

    public static ConditionAnswer Unknown(string reason, string message) => new(ConditionStatus.Unknown, reason, message);
}
