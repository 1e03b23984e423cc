using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation.Bucket;

/// <summary>Asks whether the bucket is there, in the region that the configuration names: requests are signed for that region.</summary>
internal sealed class LocationCheck : ICheck<BucketFacts>
{
    public CheckDefinition Definition { get; } = new("bucket", ConditionTypes.BucketEncrypted, Severity.Enforce);

    public CheckAnswer Judge(BucketFacts facts, CheckContext context)
    {
        S3Driver driver = context.Driver;
        return facts.Home switch
        {
            { Failure.Kind: AwsFailureKind.NoSuchBucket } => CheckAnswer.Fail(
                Reasons.BucketNotFound,
                $"Bucket \"{driver.Bucket}\" does not exist{Unanswered.At(driver)}. Create it, or correct spec.config.storage.s3.region. "
                + "The bucket of a LocalRegistry cannot be changed: if its name is wrong, delete this one and create it again with the right name."),
            { Failure: { Kind: AwsFailureKind.OtherRegion } failure } => CheckAnswer.Fail(
                Reasons.WrongRegion,
                $"Bucket \"{driver.Bucket}\" is not in region {driver.Region} ({failure.Message.TrimEnd('.')}). Correct spec.config.storage.s3.region"
                + (driver.RegionEndpoint is null ? "." : " and regionendpoint.")),
            { Failure: { } failure } => Unanswered.Because(failure, $"where bucket \"{driver.Bucket}\" is", context),
            // The regions of other stores have names that nobody configures.
            { Value: { } home } when context.IsAws && home.Region != driver.Region => CheckAnswer.Fail(
                Reasons.WrongRegion,
                $"Bucket \"{driver.Bucket}\" is in region {home.Region}, not {driver.Region}. Set spec.config.storage.s3.region to {home.Region}"
                + (driver.RegionEndpoint is null ? "." : ", and name an endpoint of that region in regionendpoint, or none.")),
            _ => CheckAnswer.Pass(Reasons.BucketFound, $"Bucket \"{driver.Bucket}\" exists{Unanswered.At(driver)}."),
        };
    }
}
