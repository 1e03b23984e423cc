using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>
/// Asks whether the lifecycle aborts multipart uploads that nobody completed. A pusher that is killed leaves parts behind, which no list shows and
/// which are paid for until somebody aborts them.
/// </summary>
internal sealed class AbandonedUploadsCheck : ICheck<BucketFacts>
{
    private const string Rule =
        "{\"ID\":\"abort-abandoned-uploads\",\"Status\":\"Enabled\",\"Filter\":{\"Prefix\":\"\"},\"AbortIncompleteMultipartUpload\":{\"DaysAfterInitiation\":1}}";

    public CheckDefinition Definition { get; } = new("abandonedUploads", ConditionTypes.BucketProtected, Severity.Warn);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context) => facts.Lifecycle switch
    {
        null => Unanswered.NotRead(context),
        { Value: { } lifecycle } when lifecycle.Rules.FirstOrDefault(r => r.AbortsUploadsAfterDays is not null && r.Covers(context.Driver.ObjectPrefix)) is { } rule =>
            CheckAnswer.Pass(
                Reasons.AbandonedUploadsAborted,
                $"Lifecycle rule \"{rule.Id}\" of bucket \"{context.Driver.Bucket}\" aborts uploads that are not completed within {rule.AbortsUploadsAfterDays} {(rule.AbortsUploadsAfterDays == 1 ? "day" : "days")}."),
        // The command sets the lifecycle whole, so it is no advice where there are rules already.
        { Value: not null } => CheckAnswer.Fail(
            Reasons.AbandonedUploadsKept, $"{Kept(context)} Add this rule to the bucket's lifecycle: {Rule}"),
        { IsAbsent: true } => CheckAnswer.Fail(
            Reasons.AbandonedUploadsKept,
            $"{Kept(context)} Set one: {AwsCommand.S3Api(context.Driver, "put-bucket-lifecycle-configuration", "--lifecycle-configuration", $"{{\"Rules\":[{Rule}]}}")}"),
        { Failure: { } failure } => Unanswered.Because(failure, $"the lifecycle of bucket \"{context.Driver.Bucket}\"", context),
        _ => Unanswered.NotRead(context),
    };

    private static string Kept(CheckContext context) =>
        $"No lifecycle rule of bucket \"{context.Driver.Bucket}\" aborts multipart uploads under \"{context.Driver.ObjectPrefix}\" that are never completed; their parts cost and stay.";
}
