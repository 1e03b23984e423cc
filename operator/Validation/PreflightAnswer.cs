using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation;

/// <summary>What is known about the registry's access from its real calls.</summary>
/// <param name="Answer">Whether it may do what it needs.</param>
/// <param name="Report">The calls; null if the last preflight left none.</param>
/// <param name="Job">The Job that the answer is of.</param>
/// <param name="CheckedAt">When the answer was given; null while there is none.</param>
/// <param name="Due">When to look again.</param>
/// <param name="UnderWay">Whether a preflight is running now; the answer is then that of the one before, if there was one.</param>
internal sealed record PreflightAnswer(CheckAnswer Answer, CheckReport? Report, string Job, DateTimeOffset? CheckedAt, DateTimeOffset Due, bool UnderWay)
{
    /// <summary>The check that this is the answer of. It makes calls, so it is none of those that only judge.</summary>
    public static CheckDefinition Check { get; } = new("liveProof", Api.ConditionTypes.AccessGranted, Api.Severity.Enforce);
}
