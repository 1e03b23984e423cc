using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation;

/// <summary>What a check found.</summary>
/// <param name="Outcome">Whether what it asks for holds; Unknown if it could not find out, Skipped if there is nothing to ask.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">What was found and, if it does not hold, what to change.</param>
internal sealed record CheckAnswer(CheckOutcome Outcome, string Reason, string Message)
{
    /// <summary>Whether nothing stands against going on.</summary>
    public bool Passed => Outcome is CheckOutcome.Passed or CheckOutcome.Skipped;

    public static CheckAnswer Pass(string reason, string message) => new(CheckOutcome.Passed, reason, message);

    public static CheckAnswer Fail(string reason, string message) => new(CheckOutcome.Failed, reason, message);

    public static CheckAnswer Unknown(string reason, string message) => new(CheckOutcome.Unknown, reason, message);

    public static CheckAnswer Skip(string reason, string message) => new(CheckOutcome.Skipped, reason, message);
}
