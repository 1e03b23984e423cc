using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Bucket;
using Xunit;

namespace LocalRegistry.Operator.Tests.Grants;

/// <summary>Checks tell users to apply the generated policy: who does so must pass them.</summary>
public sealed class GeneratedPolicyCheckTests
{
    private const string KeyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private const string Store = "regionendpoint: 'https://s3.example.com'";

    [Theory]
    [InlineData("encrypt: true", null)]
    [InlineData("encrypt: true, rootdirectory: /my/root", null)]
    [InlineData($"encrypt: true, keyid: '{KeyArn}'", null)]
    [InlineData($"encrypt: true, keyid: '{KeyArn}'", KeyArn)]
    [InlineData("encrypt: true, keyid: 1234abcd-12ab-34cd-56ef-1234567890ab", null)]
    [InlineData("encrypt: true, keyid: 1234abcd-12ab-34cd-56ef-1234567890ab", KeyArn)]
    [InlineData("encrypt: true, keyid: alias/images", null)]
    [InlineData("encrypt: true, keyid: alias/images", KeyArn)]
    [InlineData($"encrypt: true, {Store}", null)]
    [InlineData($"encrypt: true, keyid: mykey, {Store}", null)]
    [InlineData("encrypt: true, regionendpoint: 'https://bucket.vpce-1a2b3c4d.s3.us-east-1.vpce.amazonaws.com'", null)]
    public void Policy_of_a_configuration_passes_the_checks_of_that_configuration(string config, string? keyArn)
    {
        CheckContext context = Samples.Context(config);
        BucketFacts facts = Facts(Operator.Grants.BucketPolicy.Build(context.Driver, keyArn)!);

        Assert.All(
            [new UploadPolicyCheck().Judge(facts, context), new TlsPolicyCheck().Judge(facts, context)],
            answer => Assert.True(answer.Passed, answer.Message));
    }

    [Fact]
    public void Policy_of_a_configuration_that_names_no_encryption_is_told_what_to_set_before_it_can_demand_any()
    {
        CheckContext context = Samples.Context("encrypt: false");

        CheckAnswer answer = new UploadPolicyCheck().Judge(Facts(Operator.Grants.BucketPolicy.Build(context.Driver, null)!), context);

        Assert.Contains("Set spec.config.storage.s3.encrypt to true, and add the statements", answer.Message, StringComparison.Ordinal);
    }

    private static BucketFacts Facts(Operator.Grants.PolicyDocument policy) => new()
    {
        Home = AwsAnswer<BucketHome>.Of(new BucketHome("us-east-1")),
        Encryption = AwsAnswer<BucketEncryption>.Of(new BucketEncryption("AES256", null, false)),
        Policy = AwsAnswer<BucketPolicy>.Of(BucketPolicy.Parse(policy.ToString())),
    };
}
