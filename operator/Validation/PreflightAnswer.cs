namespace LocalRegistry.Operator.Validation;

/// <summary>What is known about the registry's access.</summary>
/// <param name="Answer">Whether it may do what it needs.</param>
/// <param name="Identity">Who the registry is to the store: an ARN, or where its credentials come from; null if not known.</param>
/// <param name="CheckedAt">When the answer was given; null while there is none.</param>
/// <param name="Due">When to look again.</param>
/// <param name="UnderWay">Whether a preflight is running now; the answer is then that of the one before, if there was one.</param>
internal sealed record PreflightAnswer(CheckAnswer Answer, string? Identity, DateTimeOffset? CheckedAt, DateTimeOffset Due, bool UnderWay);
