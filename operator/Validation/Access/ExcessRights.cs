using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>
/// What no registry needs, or not this one: what could be done with its identity that would change, destroy or read more than images. Not every
/// right that there is, but one of each kind that policies which are too wide give.
/// </summary>
internal static class ExcessRights
{
    private static readonly string[] Writes = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];
    private static readonly string[] ObjectSettings = ["s3:PutObjectAcl"];

    private static readonly string[] BucketSettings =
        ["s3:DeleteBucket", "s3:PutBucketPolicy", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration"];

    private static readonly string[] Objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
    private static readonly string[] KeySettings = ["kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"];

    /// <param name="principal">The identity.</param>
    /// <param name="access">Whether nodes push.</param>
    /// <param name="driver">The configuration.</param>
    /// <param name="keyArn">The ARN of the KMS key that objects are encrypted with, if it is known.</param>
    public static IReadOnlyList<ExcessRight> For(IamPrincipal principal, AccessMode access, S3Driver driver, string? keyArn)
    {
        string sample = BucketArn.OfObject(driver, $"{driver.ObjectPrefix}blobs/sample");
        string foreign = $"arn:{BucketArn.PartitionOf(driver.Region)}:s3:::another-bucket-than-{driver.Bucket}";
        Dictionary<string, string> request = RightContext.Request(driver);
        List<ExcessRight> rights = [];
        if (access == AccessMode.ReadOnly)
        {
            Add("in its own folder", Writes, sample, request);
        }

        Add("in its own folder", ObjectSettings, sample, request);
        Add("elsewhere in the bucket", Objects, BucketArn.OfObject(driver, "outside-of-the-registry/sample"), request);
        Add("on the bucket", BucketSettings, BucketArn.Of(driver), request);
        Add("in other buckets", Objects, $"{foreign}/sample", request);
        Add("in other buckets", ["s3:ListBucket"], foreign, request);
        if (KmsKeyScope.Of(driver, keyArn) is { } key)
        {
            Add("on the KMS key", KeySettings, key.Sample(), []);
        }

        // Whoever may write policies may do everything.
        bool isRole = principal.Caller.Kind == CallerKind.RoleSession;
        Add("in IAM", isRole ? ["iam:PutRolePolicy", "iam:AttachRolePolicy"] : ["iam:PutUserPolicy", "iam:AttachUserPolicy"], principal.Arn, []);
        return rights;

        void Add(string where, IEnumerable<string> actions, string resource, Dictionary<string, string> context) =>
            rights.AddRange(actions.Select(action => new ExcessRight(where, new SimulatedRequest(action, resource, context))));
    }
}
