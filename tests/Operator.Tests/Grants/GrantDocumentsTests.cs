using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Grants;
using Xunit;

namespace LocalRegistry.Operator.Tests.Grants;

public sealed class GrantDocumentsTests
{
    private const string KeyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    private static readonly GrantScope Plain = new()
    {
        Driver = Samples.Driver("encrypt: true, rootdirectory: /myroot"),
        Namespace = "local-registry",
        ServiceAccount = "registry",
        Principal = "arn:aws:iam::111122223333:role/registry",
    };

    private static readonly GrantScope WithKey = Plain with
    {
        Driver = Samples.Driver("encrypt: true, keyid: alias/images"),
        Access = AccessMode.ReadWrite,
    };

    [Fact]
    public void Files_of_a_bucket_with_its_own_encryption_are_as_written() => Match(Plain, "plain");

    [Fact]
    public void Files_of_a_bucket_with_a_key_are_as_written() => Match(WithKey, "key");

    [Fact]
    public void Files_for_another_store_hold_no_template()
    {
        GrantScope scope = Plain with { Driver = Samples.Driver("encrypt: true, regionendpoint: \"https://s3.example.com\"") };

        Assert.Equal(["bucket-policy.json", "consumer-policy.json", "publisher-policy.json", "operator-policy.json"], GrantDocuments.Files(scope).Keys);
    }

    [Fact]
    public void Files_for_an_endpoint_of_AWS_hold_the_template()
    {
        GrantScope scope = Plain with { Driver = Samples.Driver("regionendpoint: \"https://bucket.vpce-1a2b3c4d.s3.us-east-1.vpce.amazonaws.com\"") };

        Assert.Contains("cloudformation.yaml", GrantDocuments.Files(scope).Keys);
    }

    [Fact]
    public void Files_of_a_bucket_that_may_take_anything_hold_no_bucket_policy()
    {
        GrantScope scope = Plain with { Driver = Samples.Driver("secure: false") };

        Dictionary<string, string> files = GrantDocuments.Files(scope);

        Assert.DoesNotContain("bucket-policy.json", files.Keys);
        Assert.DoesNotContain("AWS::S3::BucketPolicy", files["cloudformation.yaml"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("encrypt: true, keyid: alias/images", null)]
    [InlineData("encrypt: true, keyid: alias/images", KeyArn)]
    [InlineData("encrypt: true, keyid: 1234abcd-12ab-34cd-56ef-1234567890ab", null)]
    [InlineData("encrypt: true, keyid: alias/aws/s3", null)]
    [InlineData("encrypt: true, rootdirectory: \"a${b}*\"", null)]
    public void Template_names_nothing_that_is_only_known_outside_the_stack(string config, string? keyArn)
    {
        GrantScope scope = Plain with { Driver = Samples.Driver(config), KeyArn = keyArn };

        string template = CloudFormationTemplate.Build(scope);

        Assert.DoesNotContain("of-this-stack", template, StringComparison.Ordinal);
        Assert.DoesNotContain("arn:aws:s3:::", template, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("encrypt: true, rootdirectory: \"a${b}*\"")]
    [InlineData("encrypt: true, keyid: alias/images")]
    [InlineData("encrypt: true, keyid: alias/aws/s3")]
    [InlineData("encrypt: true, keyid: 1234abcd-12ab-34cd-56ef-1234567890ab")]
    [InlineData("secure: false")]
    public void Template_has_the_properties_that_AWS_publishes_and_refers_to_nothing_else(string config)
    {
        foreach (AccessMode access in Enum.GetValues<AccessMode>())
        {
            new TemplateSchema(CloudFormationTemplate.Build(Plain with { Driver = Samples.Driver(config), Access = access })).Check();
        }
    }

    [Theory]
    [InlineData("docker-registry", "docker-registry")]
    [InlineData("123.images", "bucket-123-images")]
    public void Template_tells_to_deploy_it_by_a_name_that_a_stack_may_have(string bucket, string stack) => Assert.Contains(
        $"--stack-name {stack} ", CloudFormationTemplate.Build(Plain with { Driver = Plain.Driver with { Bucket = bucket } }), StringComparison.Ordinal);

    [Fact]
    public void Template_for_a_key_that_is_there_makes_none()
    {
        string template = CloudFormationTemplate.Build(Plain with { Driver = Samples.Driver($"encrypt: true, keyid: \"{KeyArn}\"") });

        Assert.DoesNotContain("AWS::KMS::Key", template, StringComparison.Ordinal);
        Assert.Contains($"KMSMasterKeyID: {KeyArn}", template, StringComparison.Ordinal);
    }

    private static void Match(GrantScope scope, string name)
    {
        foreach ((string file, string text) in GrantDocuments.Files(scope))
        {
            Golden.MatchFile(text, $"{name}-{file}");
        }
    }
}
