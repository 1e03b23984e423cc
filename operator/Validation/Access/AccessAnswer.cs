namespace LocalRegistry.Operator.Validation.Access;

/// <summary>What is known about the registry's access besides its real calls.</summary>
/// <param name="Facts">What was asked and answered.</param>
/// <param name="Findings">What the checks make of it.</param>
/// <param name="CheckedAt">When IAM was asked; null if it was not.</param>
/// <param name="Due">When it is to be asked again; the end of time if not by itself.</param>
internal sealed record AccessAnswer(AccessFacts Facts, IReadOnlyList<Finding> Findings, DateTimeOffset? CheckedAt, DateTimeOffset Due);
