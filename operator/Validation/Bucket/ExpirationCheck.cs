using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>
/// Asks whether a lifecycle rule deletes images or moves them to where they cannot be read at once. A layer is written once and read for years, so
/// such rules destroy images that are in use.
/// </summary>
internal sealed class ExpirationCheck : ICheck<BucketFacts>
{
    public CheckDefinition Definition { get; } = new("expiration", ConditionTypes.BucketProtected, Severity.Enforce);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context) => facts.Lifecycle switch
    {
        null => Unanswered.NotRead(context),
        { Value: { } lifecycle } => Judge(lifecycle, context),
        { IsAbsent: true } => Kept(context),
        { Failure: { } failure } => Unanswered.Because(failure, $"the lifecycle of bucket \"{context.Driver.Bucket}\"", context),
        _ => Unanswered.NotRead(context),
    };

    private static CheckAnswer Judge(BucketLifecycle lifecycle, CheckContext context)
    {
        string prefix = context.Driver.ObjectPrefix;
        BucketLifecycleRule[] touching = [.. lifecycle.Rules.Where(r => r.Touches(prefix))];
        if (touching.FirstOrDefault(r => r.Expires) is { } expires)
        {
            return CheckAnswer.Fail(
                Reasons.ImagesExpire,
                $"Lifecycle rule \"{expires.Id}\" of bucket \"{context.Driver.Bucket}\" deletes objects under \"{prefix}\", images that are in use among them. "
                + "Remove its Expiration, or give it a prefix outside.");
        }

        return touching.FirstOrDefault(r => r.FreezesTo is not null) is { } freezes
            ? CheckAnswer.Fail(
                Reasons.ImagesFreeze,
                $"Lifecycle rule \"{freezes.Id}\" of bucket \"{context.Driver.Bucket}\" moves objects under \"{prefix}\" to {freezes.FreezesTo}, "
                + "from which no image can be pulled. Use STANDARD_IA, INTELLIGENT_TIERING or GLACIER_IR instead, or give the rule a prefix outside.")
            : Kept(context);
    }

    private static CheckAnswer Kept(CheckContext context) =>
        CheckAnswer.Pass(Reasons.ImagesKept, $"No lifecycle rule of bucket \"{context.Driver.Bucket}\" deletes or freezes what is under \"{context.Driver.ObjectPrefix}\".");
}
