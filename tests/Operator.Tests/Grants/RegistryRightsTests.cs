using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Operator.Tests.Grants;

public sealed class RegistryRightsTests
{
    private const string Bucket = "arn:aws:s3:::docker-registry";
    private const string KeyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    [Fact]
    public void For_pulls_lists_the_bucket_and_reads_objects_and_nothing_else()
    {
        IReadOnlyList<Right> rights = RegistryRights.For(AccessMode.ReadOnly, Samples.Driver("rootdirectory: /myroot"), null);

        Assert.Equal(
            [("s3:ListBucket", Bucket), ("s3:ListBucket", Bucket), ("s3:GetObject", $"{Bucket}/myroot/docker/registry/v2/*")],
            rights.Select(r => (r.Action, r.Resource)));
        Assert.Equal(["absent", "myroot/docker/registry/v2/repositories/"], rights.Take(2).Select(r => r.Context.GetValueOrDefault("s3:prefix", "absent")));
    }

    [Fact]
    public void For_pushes_adds_what_writes_and_takes_back()
    {
        IReadOnlyList<Right> rights = RegistryRights.For(AccessMode.ReadWrite, Samples.Driver(), null);

        Assert.Equal(
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
            rights.Where(r => r.Resource == $"{Bucket}/docker/registry/v2/*").Select(r => r.Action));
        Assert.Equal(
            ["s3:ListBucket", "s3:ListBucket", "s3:ListBucketMultipartUploads"], rights.Where(r => r.Resource == Bucket).Select(r => r.Action));
    }

    [Fact]
    public void For_pushes_with_an_access_list_adds_the_right_to_set_it()
    {
        Right right = RegistryRights.For(AccessMode.ReadWrite, Samples.Driver("objectacl: bucket-owner-full-control"), null).Single(r => r.Action == "s3:PutObjectAcl");

        Assert.Equal(($"{Bucket}/docker/registry/v2/*", "bucket-owner-full-control"), (right.Resource, right.Context["s3:x-amz-acl"]));
        Assert.DoesNotContain(RegistryRights.For(AccessMode.ReadOnly, Samples.Driver("objectacl: private"), null), r => r.Action == "s3:PutObjectAcl");
    }

    [Theory]
    [InlineData("us-east-1", "aws")]
    [InlineData("cn-north-1", "aws-cn")]
    [InlineData("us-gov-west-1", "aws-us-gov")]
    [InlineData("us-iso-east-1", "aws-iso")]
    [InlineData("us-isob-east-1", "aws-iso-b")]
    [InlineData("eusc-de-east-1", "aws-eusc")]
    public void For_a_region_names_its_partition(string region, string partition)
    {
        S3Driver driver = Samples.Driver() with { Region = region };

        Assert.All(
            RegistryRights.For(AccessMode.ReadWrite, driver, null),
            r => Assert.StartsWith($"arn:{partition}:s3:::docker-registry", r.Resource, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("encrypt: true", "AES256", null)]
    [InlineData("encrypt: true, keyid: alias/images", "aws:kms", "alias/images")]
    [InlineData("encrypt: true, dsse: true, keyid: alias/images", "aws:kms:dsse", "alias/images")]
    [InlineData("encrypt: true, dsse: true", "aws:kms:dsse", null)]
    [InlineData("encrypt: false", null, null)]
    public void For_pushes_gives_the_encryption_that_each_write_asks_for(string config, string? encryption, string? key)
    {
        IReadOnlyDictionary<string, string> context = Find("s3:PutObject", Samples.Driver(config), null).Context;

        Assert.Equal(encryption, context.GetValueOrDefault("s3:x-amz-server-side-encryption"));
        Assert.Equal(key, context.GetValueOrDefault("s3:x-amz-server-side-encryption-aws-kms-key-id"));
        Assert.Equal(("true", "STANDARD"), (context["aws:SecureTransport"], context["s3:x-amz-storage-class"]));
    }

    [Theory]
    [InlineData("alias/images", null, "arn:aws:kms:us-east-1:*:key/*", "alias/images")]
    [InlineData("alias/images", KeyArn, KeyArn, null)]
    [InlineData("1234abcd", null, "arn:aws:kms:us-east-1:*:key/1234abcd", null)]
    [InlineData(KeyArn, null, KeyArn, null)]
    [InlineData("arn:aws:kms:us-west-2:111122223333:alias/images", null, "arn:aws:kms:us-west-2:111122223333:key/*", "alias/images")]
    public void For_a_key_names_the_key_as_closely_as_the_configuration_does(string keyId, string? keyArn, string resource, string? alias)
    {
        S3Driver driver = Samples.Driver($"encrypt: true, keyid: \"{keyId}\"");
        foreach (string action in (ReadOnlySpan<string>)["kms:Decrypt", "kms:GenerateDataKey"])
        {
            Right right = Find(action, driver, keyArn);

            Assert.Equal((resource, alias), (right.Resource, right.Context.GetValueOrDefault("kms:ResourceAliases")));
            Assert.Equal("s3.us-east-1.amazonaws.com", right.Context["kms:ViaService"]);
        }
    }

    [Fact]
    public void For_a_bucket_whose_default_is_a_key_includes_that_key_for_pulls_too()
    {
        IReadOnlyList<Right> rights = RegistryRights.For(AccessMode.ReadOnly, Samples.Driver(), KeyArn);

        Assert.Equal(("kms:Decrypt", KeyArn), (rights[^1].Action, rights[^1].Resource));
        Assert.DoesNotContain(rights, r => r.Action == "kms:GenerateDataKey");
    }

    [Fact]
    public void For_another_store_leaves_its_keys_to_itself()
    {
        S3Driver driver = Samples.Driver("encrypt: true, keyid: mykey, regionendpoint: \"https://s3.example.com\"");

        Assert.DoesNotContain(RegistryRights.For(AccessMode.ReadWrite, driver, null), r => r.Action.StartsWith("kms:", StringComparison.Ordinal));
    }

    [Fact]
    public void For_a_root_directory_with_a_wildcard_means_that_character()
    {
        Right right = Find("s3:GetObject", Samples.Driver("rootdirectory: a*b"), null);

        Assert.Equal($"{Bucket}/a${{*}}b/docker/registry/v2/*", right.Resource);
        Assert.StartsWith($"{Bucket}/a*b/docker/registry/v2/blobs/", right.Sample, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_hold_no_wildcards()
    {
        S3Driver driver = Samples.Driver("encrypt: true, keyid: alias/images");
        Right[] rights = [.. RegistryRights.For(AccessMode.ReadWrite, driver, null), .. OperatorRights.For(driver, null, null)];

        Assert.All(rights, r => Assert.DoesNotContain("*", r.Sample, StringComparison.Ordinal));
    }

    [Fact]
    public void For_the_operator_reads_settings_and_no_object()
    {
        IReadOnlyList<Right> rights = OperatorRights.For(Samples.Driver("encrypt: true, keyid: alias/images"), KeyArn, "arn:aws:iam::111122223333:role/registry");

        Assert.All(rights, r => Assert.Matches("^(s3:Get(Bucket|Encryption|Lifecycle)|kms:Describe|iam:Get|iam:Simulate)", r.Action));
        Assert.All(rights.Where(r => r.Action.StartsWith("s3:", StringComparison.Ordinal)), r => Assert.Equal(Bucket, r.Resource));
        Assert.Equal(["iam:SimulatePrincipalPolicy", "iam:GetRole"], rights.Where(r => r.Resource.Contains(":iam:", StringComparison.Ordinal)).Select(r => r.Action));
    }

    [Fact]
    public void For_the_operator_of_a_registry_that_is_a_user_asks_for_no_role()
    {
        IReadOnlyList<Right> rights = OperatorRights.For(Samples.Driver(), null, "arn:aws:iam::111122223333:user/registry");

        Assert.Contains(rights, r => r.Action == "iam:SimulatePrincipalPolicy");
        Assert.DoesNotContain(rights, r => r.Action == "iam:GetRole");
    }

    private static Right Find(string action, S3Driver driver, string? keyArn) =>
        Assert.Single(RegistryRights.For(AccessMode.ReadWrite, driver, keyArn), r => r.Action == action);
}
