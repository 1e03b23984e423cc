using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Bucket;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation.Bucket;

/// <summary>What is told to change is what can be changed.</summary>
public sealed class LocationCheckTests
{
    private const string Regional = "regionendpoint: 'https://s3.us-east-1.amazonaws.com'";

    [Fact]
    public void Judge_of_a_bucket_that_is_not_there_does_not_say_to_change_what_cannot_be_changed()
    {
        CheckAnswer answer = Judge("", AwsAnswer<BucketHome>.Failed(new AwsFailure(AwsFailureKind.NoSuchBucket, "none")));

        Assert.Equal(Reasons.BucketNotFound, answer.Reason);
        Assert.EndsWith("delete this one and create it again with the right name.", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Set spec.config.storage.s3.region to eu-west-1.")]
    [InlineData(Regional, "Set spec.config.storage.s3.region to eu-west-1, and name an endpoint of that region in regionendpoint, or none.")]
    public void Judge_of_a_bucket_elsewhere_names_the_endpoint_too_if_there_is_one(string driver, string repair)
    {
        CheckAnswer answer = Judge(driver, AwsAnswer<BucketHome>.Of(new BucketHome("eu-west-1")));

        Assert.Equal(Reasons.WrongRegion, answer.Reason);
        Assert.EndsWith(repair, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "check the network between the operator's pods and the store.")]
    [InlineData(Regional, "check spec.config.storage.s3.regionendpoint and the network between the operator's pods and the store.")]
    public void Judge_of_a_store_that_does_not_answer_names_the_endpoint_only_if_there_is_one(string driver, string repair)
    {
        CheckAnswer answer = Judge(driver, AwsAnswer<BucketHome>.Failed(new AwsFailure(AwsFailureKind.Unreachable, "no answer in time")));

        Assert.Equal(Reasons.StoreUnreachable, answer.Reason);
        Assert.EndsWith($"no answer in time. This is tried again by itself. If it stays so, {repair}", answer.Message, StringComparison.Ordinal);
    }

    private static CheckAnswer Judge(string driver, AwsAnswer<BucketHome> home) => new LocationCheck().Judge(new BucketFacts { Home = home }, Samples.Context(driver));
}
