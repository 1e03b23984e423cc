using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>Asks whether the bucket is kept from becoming public by a later mistake. The account may do the same for all of its buckets, which is not seen here.</summary>
internal sealed class PublicAccessBlockCheck : ICheck<BucketFacts>
{
    public CheckDefinition Definition { get; } = new("publicAccessBlock", ConditionTypes.BucketProtected, Severity.Warn);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context) => facts.PublicAccessBlock switch
    {
        null => Unanswered.NotRead(context),
        { Value: { } block } when !block.Open().Any() => CheckAnswer.Pass(Reasons.PublicAccessBlocked, $"Bucket \"{context.Driver.Bucket}\" blocks public access."),
        { Value: { } block } => Open(context, $"blocks public access only in part (off: {string.Join(", ", block.Open())})"),
        { IsAbsent: true } => Open(context, "does not block public access"),
        { Failure: { } failure } => Unanswered.Because(failure, $"the public access block of bucket \"{context.Driver.Bucket}\"", context),
        _ => Unanswered.NotRead(context),
    };

    private static CheckAnswer Open(CheckContext context, string how)
    {
        string command = AwsCommand.S3Api(
            context.Driver,
            "put-public-access-block",
            "--public-access-block-configuration",
            "{\"BlockPublicAcls\":true,\"IgnorePublicAcls\":true,\"BlockPublicPolicy\":true,\"RestrictPublicBuckets\":true}");
        return CheckAnswer.Fail(Reasons.PublicAccessNotBlocked, $"Bucket \"{context.Driver.Bucket}\" {how}. Block it: {command}");
    }
}
