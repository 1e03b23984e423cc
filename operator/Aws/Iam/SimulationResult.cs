namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>What IAM's policy simulation answered.</summary>
/// <param name="Decisions">A decision for each request, in the order of the requests.</param>
/// <param name="WithBucketPolicy">Whether the bucket's policy took part.</param>
internal sealed record SimulationResult(IReadOnlyList<SimulatedDecision> Decisions, bool WithBucketPolicy);
