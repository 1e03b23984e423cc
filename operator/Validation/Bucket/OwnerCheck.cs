using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>
/// Asks whether the bucket belongs to the account that the resource expects. Names of buckets are the whole world's: one that was deleted can be
/// somebody else's the next day, who then serves the nodes their images.
/// </summary>
internal sealed class OwnerCheck : ICheck<BucketFacts>
{
    public CheckDefinition Definition { get; } = new("owner", ConditionTypes.BucketEncrypted, Severity.Enforce);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context)
    {
        string? expected = context.Spec.Validation.ExpectedBucketOwner;
        if (expected is null)
        {
            return CheckAnswer.Skip(Reasons.NotRequired, "spec.validation.expectedBucketOwner names no account.");
        }

        return facts switch
        {
            { HomeOfOwner: null } => Unanswered.NotRead(context),
            { HomeOfOwner.Value: not null } => CheckAnswer.Pass(Reasons.OwnerVerified, $"Bucket \"{context.Driver.Bucket}\" belongs to account {expected}."),
            // Whoever may ask, but not with this account's number, has been told that it is another's.
            { Home.Value: not null, HomeOfOwner.Failure.Kind: AwsFailureKind.Denied } => CheckAnswer.Fail(
                Reasons.OwnerMismatch,
                $"Bucket \"{context.Driver.Bucket}\" does not belong to account {expected}. Correct spec.validation.expectedBucketOwner if it is the wrong one. "
                + "The bucket of a LocalRegistry cannot be changed: if that is the wrong one, delete this one and create it again with another."),
            { HomeOfOwner.Failure: { } failure } => Unanswered.Because(failure, $"who owns bucket \"{context.Driver.Bucket}\"", context),
            _ => Unanswered.NotRead(context),
        };
    }
}
