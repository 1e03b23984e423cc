using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>Asks whether the bucket's policy lets the whole world in, as S3 itself sees it.</summary>
internal sealed class PublicPolicyCheck : ICheck<BucketFacts>
{
    public CheckDefinition Definition { get; } = new("publicPolicy", ConditionTypes.BucketProtected, Severity.Enforce);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context) => facts.Exposure switch
    {
        null => Unanswered.NotRead(context),
        { Value.IsPublic: true } => CheckAnswer.Fail(
            Reasons.PolicyIsPublic,
            $"The policy of bucket \"{context.Driver.Bucket}\" makes it public. Remove the statements with Principal \"*\" and Effect Allow, "
            + "or narrow them by a condition on aws:SourceVpce, aws:PrincipalOrgID or the like."),
        { Value.IsPublic: false } or { IsAbsent: true } => CheckAnswer.Pass(Reasons.NotPublic, $"Bucket \"{context.Driver.Bucket}\" is not public by its policy."),
        { Failure: { } failure } => Unanswered.Because(failure, $"whether bucket \"{context.Driver.Bucket}\" is public", context),
        _ => Unanswered.NotRead(context),
    };
}
