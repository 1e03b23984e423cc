using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Controllers;

/// <summary>What the checks of bucket and access gave.</summary>
/// <param name="Bucket">The bucket's; null if the configuration is not valid, so that there is no bucket to ask about.</param>
/// <param name="Access">The preflight's; null likewise.</param>
internal sealed record Proofs(BucketAnswer? Bucket, PreflightAnswer? Access)
{
    public IEnumerable<CheckAnswer> Answers
    {
        get
        {
            if (Bucket is not null)
            {
                yield return Bucket.Answer;
            }

            if (Access is not null)
            {
                yield return Access.Answer;
            }
        }
    }

    /// <summary>When the older of the two was given; null while one is missing.</summary>
    public DateTimeOffset? CheckedAt => Bucket is null || Access?.CheckedAt is not { } access ? null
        : access < Bucket.CheckedAt ? access : Bucket.CheckedAt;

    /// <summary>When the next of the two is due; null if neither is.</summary>
    public DateTimeOffset? Due => Bucket is null || Access is null ? null : Bucket.Due < Access.Due ? Bucket.Due : Access.Due;
}
