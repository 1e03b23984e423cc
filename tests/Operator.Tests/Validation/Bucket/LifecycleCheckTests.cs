using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Validation.Bucket;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation.Bucket;

/// <summary>What the rules of a lifecycle mean for images under <c>myroot/</c>.</summary>
public sealed class LifecycleCheckTests
{
    [Theory]
    [InlineData("", Reasons.ImagesExpire)]
    [InlineData("my", Reasons.ImagesExpire)]
    [InlineData("myroot/docker/registry/v2/blobs/", Reasons.ImagesExpire)]
    [InlineData("logs/", Reasons.ImagesKept)]
    [InlineData("myroot/docker/registry/v3/", Reasons.ImagesKept)]
    public void Expiration_by_the_prefix_of_a_rule_that_deletes(string prefix, string reason) =>
        Assert.Equal(reason, Expiration(Rule(prefix) with { Expires = true }));

    [Fact]
    public void Expiration_of_rules_that_delete_none_of_ours()
    {
        Assert.Equal(Reasons.ImagesKept, Expiration(Rule("") with { Expires = true, OnlyTagged = true }));
        Assert.Equal(Reasons.ImagesKept, Expiration(Rule("") with { ExpiresNoncurrent = true, AbortsUploadsAfterDays = 1 }));
    }

    [Fact]
    public void Expiration_of_a_rule_that_freezes_says_where_to() =>
        Assert.Equal(Reasons.ImagesFreeze, Expiration(Rule("") with { FreezesTo = "DEEP_ARCHIVE" }));

    [Theory]
    [InlineData("", Reasons.AbandonedUploadsAborted)]
    [InlineData("myroot/", Reasons.AbandonedUploadsAborted)]
    [InlineData("myroot/docker/registry/v2/blobs/", Reasons.AbandonedUploadsKept)]
    [InlineData("logs/", Reasons.AbandonedUploadsKept)]
    public void AbandonedUploads_by_the_prefix_of_a_rule_that_aborts(string prefix, string reason) =>
        Assert.Equal(reason, new AbandonedUploadsCheck().Judge(Facts("Off", Rule(prefix) with { AbortsUploadsAfterDays = 1 }), Context()).Reason);

    [Theory]
    [InlineData("Off", false, Reasons.VersionsNotKept)]
    [InlineData("Suspended", false, Reasons.VersionsNotKept)]
    [InlineData("Enabled", false, Reasons.VersionsKept)]
    [InlineData("Enabled", true, Reasons.VersionsExpire)]
    public void Versioning_by_what_becomes_of_old_versions(string status, bool expires, string reason) =>
        Assert.Equal(reason, new VersioningCheck().Judge(Facts(status, Rule("") with { ExpiresNoncurrent = expires }), Context()).Reason);

    private static string Expiration(BucketLifecycleRule rule) => new ExpirationCheck().Judge(Facts("Off", rule), Context()).Reason;

    private static LocalRegistry.Operator.Validation.CheckContext Context() => Samples.Context("rootdirectory: /myroot");

    private static BucketLifecycleRule Rule(string prefix) => new("rule", prefix, false, false, null, null, false);

    private static BucketFacts Facts(string versioning, BucketLifecycleRule rule) => new()
    {
        Home = AwsAnswer<BucketHome>.Of(new BucketHome("us-east-1")),
        Lifecycle = AwsAnswer<BucketLifecycle>.Of(new BucketLifecycle([rule])),
        Versioning = AwsAnswer<BucketVersioning>.Of(new BucketVersioning(versioning)),
    };
}
