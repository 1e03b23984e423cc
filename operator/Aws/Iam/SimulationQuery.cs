namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>What is asked of IAM's policy simulation.</summary>
/// <param name="Principal">Who would make the requests.</param>
/// <param name="Requests">The requests.</param>
/// <param name="BucketPolicy">What the bucket's policy says to this principal; null if that is not known.</param>
internal sealed record SimulationQuery(IamPrincipal Principal, IReadOnlyList<SimulatedRequest> Requests, IReadOnlyList<BucketStatement>? BucketPolicy);
