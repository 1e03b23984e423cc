using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation;

/// <summary>A resource that can be rolled out, as far as its text tells.</summary>
/// <param name="Plan">What would be rolled out.</param>
/// <param name="Driver">The bucket that it names.</param>
/// <param name="Interval">How often its checks are repeated.</param>
internal sealed record Candidate(RolloutPlan Plan, S3Driver Driver, TimeSpan Interval);
