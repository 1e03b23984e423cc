using LocalRegistry.Operator.Aws.Bucket;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>What is known about a bucket.</summary>
/// <param name="Facts">The bucket as it was read; null if every check of it is off, so that nothing was.</param>
/// <param name="Findings">What the checks make of it.</param>
/// <param name="CheckedAt">When it was read; null if it was not.</param>
/// <param name="Due">When it is to be read again.</param>
internal sealed record BucketAnswer(BucketFacts? Facts, IReadOnlyList<Finding> Findings, DateTimeOffset? CheckedAt, DateTimeOffset Due);
