namespace LocalRegistry.Operator.Validation;

/// <summary>What reading a resource gave.</summary>
/// <param name="Answer">Whether it is valid.</param>
/// <param name="Candidate">What follows from it; null if it is not valid.</param>
internal sealed record ConfigurationAnswer(ConditionAnswer Answer, Candidate? Candidate);
