using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Validation;

/// <summary>What is known about a bucket.</summary>
/// <param name="Answer">Whether its encryption is as it should be.</param>
/// <param name="Bucket">The bucket as seen.</param>
/// <param name="CheckedAt">When it was asked.</param>
/// <param name="Due">When it is to be asked again.</param>
internal sealed record BucketAnswer(CheckAnswer Answer, BucketStatus Bucket, DateTimeOffset CheckedAt, DateTimeOffset Due);
