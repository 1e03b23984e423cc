using LocalRegistry.Operator.Grants;
using Xunit;

namespace LocalRegistry.Operator.Tests.Grants;

public sealed class BucketPolicyTests
{
    private const string KeyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd";

    [Fact]
    public void Build_of_a_configuration_that_names_no_encryption_denies_plain_http_alone()
    {
        PolicyStatement statement = Assert.Single(Statements(""));

        Assert.Equal("DenyPlainHttp", statement.Sid);
        Assert.Equal(["arn:aws:s3:::docker-registry", "arn:aws:s3:::docker-registry/*"], statement.Resources);
    }

    [Fact]
    public void Build_of_a_configuration_without_TLS_does_not_deny_plain_http() =>
        Assert.Equal(["DenyOtherEncryption", "DenyNoEncryption"], Statements("secure: false, encrypt: true").Select(s => s.Sid));

    [Fact]
    public void Build_of_a_configuration_without_encryption_and_TLS_has_nothing_to_deny() =>
        Assert.Null(BucketPolicy.Build(Samples.Driver("secure: false"), null));

    [Fact]
    public void Build_denies_uploads_to_the_registrys_own_folder_and_not_to_others()
    {
        Assert.All(
            Statements("encrypt: true, rootdirectory: /myroot").SkipLast(1),
            s => Assert.Equal("arn:aws:s3:::docker-registry/myroot/docker/registry/v2/*", Assert.Single(s.Resources)));
    }

    [Theory]
    [InlineData(KeyArn, null, "StringNotEquals", new[] { KeyArn })]
    [InlineData("alias/images", KeyArn, "StringNotEquals", new[] { "alias/images", KeyArn })]
    [InlineData("1234abcd", null, "StringNotLike", new[] { "1234abcd", "arn:aws:kms:us-east-1:*:key/1234abcd" })]
    public void Build_of_a_configuration_with_a_key_denies_every_other_key(string keyId, string? keyArn, string comparison, string[] names)
    {
        IReadOnlyList<PolicyStatement> statements = Statements($"encrypt: true, keyid: \"{keyId}\"", keyArn);

        PolicyCondition other = Assert.Single(Assert.Single(statements, s => s.Sid == "DenyOtherKey").Conditions);
        Assert.Equal((comparison, "s3:x-amz-server-side-encryption-aws-kms-key-id"), (other.Operator, other.Key));
        Assert.Equal(names, other.Values);
        Assert.Equal("Null", Assert.Single(Assert.Single(statements, s => s.Sid == "DenyNoKey").Conditions).Operator);
    }

    [Fact]
    public void Build_of_a_configuration_with_an_alias_of_an_unknown_key_does_not_guess_the_key() =>
        Assert.Equal(["DenyOtherEncryption", "DenyNoEncryption", "DenyPlainHttp"], Statements("encrypt: true, keyid: alias/images").Select(s => s.Sid));

    [Fact]
    public void Build_for_another_store_leaves_uploads_without_a_header_to_the_buckets_default()
    {
        IReadOnlyList<PolicyStatement> statements = Statements("encrypt: true, keyid: mykey, regionendpoint: \"https://s3.example.com\"");

        Assert.Equal(["DenyOtherEncryption", "DenyOtherKey", "DenyPlainHttp"], statements.Select(s => s.Sid));
        Assert.All(
            statements.Take(2),
            s => Assert.Equal(["Null false"], s.Conditions.Skip(1).Select(c => $"{c.Operator} {c.Values[0]}")));
    }

    [Theory]
    [InlineData("encrypt: true", "AES256")]
    [InlineData("encrypt: true, keyid: alias/images", "aws:kms")]
    public void Build_denies_every_algorithm_but_the_one_that_is_written(string config, string algorithm) =>
        Assert.Equal([algorithm], Statements(config)[0].Conditions[0].Values);

    private static IReadOnlyList<PolicyStatement> Statements(string config, string? keyArn = null)
    {
        PolicyDocument? policy = BucketPolicy.Build(Samples.Driver(config), keyArn);
        Assert.NotNull(policy);
        Assert.Equal(policy.Statements.Count, policy.Statements.Select(s => s.Sid).Distinct().Count());
        Assert.All(policy.Statements, s => Assert.True(s.DeniesEveryone));
        return policy.Statements;
    }
}
