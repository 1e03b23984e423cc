using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>
/// Tells whether the bucket keeps versions. If it does, what the registry deletes stays until a lifecycle rule takes it, so garbage collection
/// frees nothing.
/// </summary>
internal sealed class VersioningCheck : ICheck<BucketFacts>
{
    public CheckDefinition Definition { get; } = new("versioning", ConditionTypes.BucketProtected, Severity.Warn);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context) => facts.Versioning switch
    {
        null => Unanswered.NotRead(context),
        { Value.IsEnabled: true } => Enabled(facts.Lifecycle, context),
        { Value: { } versioning } => CheckAnswer.Pass(Reasons.VersionsNotKept, $"Versioning of bucket \"{context.Driver.Bucket}\" is {versioning.Status}."),
        { Failure: { } failure } => Unanswered.Because(failure, $"the versioning of bucket \"{context.Driver.Bucket}\"", context),
        _ => Unanswered.NotRead(context),
    };

    private static CheckAnswer Enabled(AwsAnswer<BucketLifecycle>? lifecycle, CheckContext context) => lifecycle switch
    {
        { Value: { } rules } when rules.Rules.Any(r => r.ExpiresNoncurrent && r.Covers(context.Driver.ObjectPrefix)) => CheckAnswer.Pass(
            Reasons.VersionsExpire, $"Bucket \"{context.Driver.Bucket}\" keeps versions, and its lifecycle deletes those that are no longer current."),
        { Value: not null } or { IsAbsent: true } => CheckAnswer.Fail(
            Reasons.VersionsKept,
            $"Bucket \"{context.Driver.Bucket}\" keeps every version for ever, so what is deleted from the registry goes on costing. Add to its lifecycle: "
            + "{\"ID\":\"expire-noncurrent\",\"Status\":\"Enabled\",\"Filter\":{\"Prefix\":\"\"},\"NoncurrentVersionExpiration\":{\"NoncurrentDays\":7}}"),
        { Failure: { } failure } => Unanswered.Because(failure, $"the lifecycle of bucket \"{context.Driver.Bucket}\"", context),
        _ => Unanswered.NotRead(context),
    };
}
