using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>
/// Asks whether access control lists are off. While they are on, an image that another account pushed belongs to that account, and the nodes may
/// be denied it. The registry sends no list with its writes, so nothing of its breaks when they are off.
/// </summary>
internal sealed class OwnershipCheck : ICheck<BucketFacts>
{
    public CheckDefinition Definition { get; } = new("ownership", ConditionTypes.BucketProtected, Severity.Warn);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context) => facts.Ownership switch
    {
        null => Unanswered.NotRead(context),
        { Value.Setting: ObjectOwnership.Enforced } => CheckAnswer.Pass(
            Reasons.AclsOff, $"Everything in bucket \"{context.Driver.Bucket}\" belongs to its owner; access control lists are off."),
        { Value: { } ownership } => On(context, $" ({ownership.Setting})"),
        // On AWS a bucket without the setting is one from the time before there was any; other stores mostly know none.
        { IsAbsent: true } when context.IsAws => On(context, ""),
        { IsAbsent: true } => CheckAnswer.Skip(
            Reasons.NotSupportedByStore, $"The store{Unanswered.At(context.Driver)} says nothing of who owns what is in bucket \"{context.Driver.Bucket}\"."),
        { Failure: { } failure } => Unanswered.Because(failure, $"the object ownership of bucket \"{context.Driver.Bucket}\"", context),
        _ => Unanswered.NotRead(context),
    };

    private static CheckAnswer On(CheckContext context, string setting)
    {
        string command = AwsCommand.S3Api(
            context.Driver, "put-bucket-ownership-controls", "--ownership-controls", $"{{\"Rules\":[{{\"ObjectOwnership\":\"{ObjectOwnership.Enforced}\"}}]}}");
        return CheckAnswer.Fail(
            Reasons.AclsOn,
            $"Bucket \"{context.Driver.Bucket}\" takes access control lists{setting}, so what another account pushes may stay out of the nodes' reach. Turn them off: {command}");
    }
}
