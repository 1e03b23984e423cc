using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>What is asked of IAM for one resource: as long as it is the same, so is the answer.</summary>
/// <param name="Caller">The registry's identity, without the session, which is another one with every pod.</param>
/// <param name="Access">Whether nodes push.</param>
/// <param name="Driver">The configuration.</param>
/// <param name="KeyArn">The ARN of the KMS key that objects are encrypted with, if it is known.</param>
/// <param name="BucketPolicy">The bucket's policy; null if it is not known.</param>
/// <param name="WithExcess">Whether rights beyond need are asked for too.</param>
internal sealed record AccessQuestion(string Caller, AccessMode Access, S3Driver Driver, string? KeyArn, string? BucketPolicy, bool WithExcess)
{
    private const string EmptyPolicy = """{"Statement":[]}""";

    /// <summary>The question; null while nobody knows who the registry is.</summary>
    public static AccessQuestion? Of(CheckContext context, CheckReport? report, BucketFacts? bucket, bool withExcess)
    {
        // Before the first preflight, what is asked for is the best guess: then a right that is missing is told before the pod fails for it.
        if ((report?.Identity?.Arn ?? AskedIdentity.Of(context.Spec, report).Role) is not { } arn)
        {
            return null;
        }

        string caller = CallerArn.TryParse(arn, out CallerArn? parsed) && parsed.Kind == CallerKind.RoleSession
            ? $"arn:{parsed.Partition}:sts::{parsed.Account}:assumed-role/{parsed.Name}"
            : arn;
        string? policy = bucket?.Policy switch
        {
            { Value: { } found } => found.Json,
            { IsAbsent: true } => EmptyPolicy,
            _ => null,
        };
        return new AccessQuestion(caller, context.Spec.Access, context.Driver, bucket?.KeyArn, policy, withExcess);
    }
}
