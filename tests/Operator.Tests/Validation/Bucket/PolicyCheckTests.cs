using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Bucket;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation.Bucket;

/// <summary>What is read out of a bucket's policy.</summary>
public sealed class PolicyCheckTests
{
    private const string Store = "regionendpoint: 'https://s3.example.com'";
    private const string NoHeader = """{"Null":{"s3:x-amz-server-side-encryption":"true"}}""";
    private const string OtherThanS3Keys = """{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"}}""";
    private const string OtherThanKms = """{"StringNotEquals":{"s3:x-amz-server-side-encryption":["aws:kms"]}}""";
    private const string OtherThanKey = """{"StringNotEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:us-east-1:111122223333:key/k"}}""";
    private const string UnlikeKeys = """{"StringNotLike":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:us-east-1:111122223333:key/k*"}}""";
    private const string Plaintext = """{"Bool":{"aws:SecureTransport":"false"}}""";

    [Theory]
    [InlineData("encrypt: true", NoHeader, Reasons.UploadsMustEncrypt)]
    // On AWS a negated comparison holds for what is not there; other stores differ.
    [InlineData("encrypt: true", OtherThanS3Keys, Reasons.UploadsMustEncrypt)]
    [InlineData("encrypt: true, " + Store, OtherThanS3Keys, Reasons.UnencryptedUploadsAllowed)]
    [InlineData("encrypt: true, " + Store, NoHeader, Reasons.UploadsMustEncrypt)]
    [InlineData("encrypt: true", """{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"},"Null":{"s3:x-amz-server-side-encryption":"false"}}""", Reasons.UnencryptedUploadsAllowed)]
    [InlineData("encrypt: false", """{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"},"Null":{"s3:x-amz-server-side-encryption":"false"}}""", Reasons.UnencryptedUploadsAllowed)]
    [InlineData("encrypt: true", """{"StringNotEqualsIfExists":{"S3:X-Amz-Server-Side-Encryption":"AES256"}}""", Reasons.UploadsMustEncrypt)]
    [InlineData("encrypt: true", Plaintext, Reasons.UnencryptedUploadsAllowed)]
    [InlineData("encrypt: true", """{"Null":{"s3:x-amz-server-side-encryption":"false"}}""", Reasons.UnencryptedUploadsAllowed)]
    [InlineData("encrypt: true", """{"Null":{"s3:x-amz-server-side-encryption":"true"},"StringEquals":{"aws:PrincipalAccount":"111122223333"}}""", Reasons.UnencryptedUploadsAllowed)]
    // What the registry itself sends would be denied.
    [InlineData("encrypt: false", NoHeader, Reasons.UploadsRefused)]
    [InlineData("encrypt: true", OtherThanKms, Reasons.UploadsRefused)]
    [InlineData("encrypt: true, keyid: alias/k", OtherThanS3Keys, Reasons.UploadsRefused)]
    [InlineData("encrypt: true, keyid: 'arn:aws:kms:us-east-1:111122223333:key/other'", OtherThanKey, Reasons.UploadsRefused)]
    [InlineData("encrypt: true, keyid: alias/k, dsse: true", OtherThanKms, Reasons.UploadsRefused)]
    [InlineData("encrypt: true, keyid: alias/k, dsse: true", """{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms:dsse"}}""", Reasons.UploadsMustEncrypt)]
    [InlineData("encrypt: true, keyid: k", OtherThanKey, Reasons.UnencryptedUploadsAllowed)]
    [InlineData("encrypt: true, keyid: alias/k", OtherThanKms, Reasons.UploadsMustEncrypt)]
    // Where values are patterns they are matched as such, and nowhere else.
    [InlineData("encrypt: true, keyid: alias/k", """{"StringNotLike":{"s3:x-amz-server-side-encryption":"aws:kms*"}}""", Reasons.UploadsMustEncrypt)]
    [InlineData("encrypt: true", """{"StringNotLike":{"s3:x-amz-server-side-encryption":["aws:kms*","AES???"]}}""", Reasons.UploadsMustEncrypt)]
    [InlineData("encrypt: true", """{"StringNotLike":{"s3:x-amz-server-side-encryption":"aws:kms*"}}""", Reasons.UploadsRefused)]
    [InlineData("encrypt: true", """{"StringNotLikeIfExists":{"s3:x-amz-server-side-encryption":"aws:kms*"}}""", Reasons.UploadsRefused)]
    [InlineData("encrypt: true, keyid: alias/k", """{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms*"}}""", Reasons.UploadsRefused)]
    [InlineData("encrypt: true, keyid: 'arn:aws:kms:us-east-1:111122223333:key/k'", UnlikeKeys, Reasons.UnencryptedUploadsAllowed)]
    [InlineData("encrypt: true, keyid: 'arn:aws:kms:us-east-1:999999999999:key/k'", UnlikeKeys, Reasons.UploadsRefused)]
    [InlineData("encrypt: true, keyid: k-1", UnlikeKeys, Reasons.UnencryptedUploadsAllowed)]
    [InlineData("encrypt: true, keyid: other", UnlikeKeys, Reasons.UploadsRefused)]
    [InlineData("encrypt: true, keyid: alias/other", UnlikeKeys, Reasons.UnencryptedUploadsAllowed)]
    [InlineData("encrypt: true, keyid: 'arn:aws:kms:us-east-1:111122223333:alias/other'", UnlikeKeys, Reasons.UnencryptedUploadsAllowed)]
    // All conditions must hold for an upload to be denied.
    [InlineData("encrypt: true", """{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"},"StringNotLike":{"s3:x-amz-server-side-encryption":"aws:kms*"}}""", Reasons.UnencryptedUploadsAllowed)]
    [InlineData("encrypt: true, keyid: alias/k", """{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"},"StringNotLike":{"s3:x-amz-server-side-encryption":"aws:kms*"}}""", Reasons.UnencryptedUploadsAllowed)]
    public void UploadPolicy_by_the_condition_of_a_statement(string driver, string condition, string reason) =>
        Assert.Equal(reason, Upload(driver, Deny("s3:PutObject", "arn:aws:s3:::docker-registry/*", condition)).Reason);

    [Theory]
    [InlineData("s3:*", "*", Reasons.UploadsMustEncrypt)]
    [InlineData("s3:putobject*", "arn:aws:s3:::docker-registry/docker/*", Reasons.UploadsMustEncrypt)]
    [InlineData("s3:GetObject", "arn:aws:s3:::docker-registry/*", Reasons.UnencryptedUploadsAllowed)]
    [InlineData("s3:PutObject", "arn:aws:s3:::docker-registry", Reasons.UnencryptedUploadsAllowed)]
    [InlineData("s3:PutObject", "arn:aws:s3:::docker-registry/other/*", Reasons.UnencryptedUploadsAllowed)]
    public void UploadPolicy_by_what_the_statement_is_about(string action, string resource, string reason) =>
        Assert.Equal(reason, Upload("encrypt: true", Deny(action, resource, NoHeader)).Reason);

    [Theory]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*","Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}}""")]
    [InlineData("""{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"s3:PutObject","Resource":"*","Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}}""")]
    [InlineData("""{"Effect":"Deny","Principal":"*","NotAction":"s3:GetObject","Resource":"*","Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}}""")]
    public void UploadPolicy_takes_no_statement_for_more_than_it_says(string statement) =>
        Assert.Equal(Reasons.UnencryptedUploadsAllowed, Upload("encrypt: true", statement).Reason);

    [Fact]
    public void UploadPolicy_names_the_statement_that_would_refuse_the_registry() => Assert.Contains(
        "statement \"NoOther\" denies uploads with another encryption than aws:kms, and the configuration writes with AES256. Set spec.config.storage.s3.keyid",
        Upload("encrypt: true", Deny("s3:PutObject", "*", OtherThanKms).Replace("{\"Effect\"", "{\"Sid\":\"NoOther\",\"Effect\"", StringComparison.Ordinal)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("encrypt: true", "aws:fsx", ". Change the statement.")]
    [InlineData("encrypt: true, keyid: alias/k", "aws:fsx", ". Change the statement.")]
    [InlineData("encrypt: true, keyid: alias/k", "aws:kms:dsse", ". Set spec.config.storage.s3.dsse to true, or change the statement.")]
    [InlineData("encrypt: true, keyid: alias/k, dsse: true", "aws:kms", ". Remove spec.config.storage.s3.dsse, or change the statement.")]
    [InlineData("encrypt: true, keyid: alias/k, dsse: true", "AES256", ". Remove spec.config.storage.s3.keyid and dsse, or change the statement.")]
    public void UploadPolicy_proposes_only_what_the_statement_takes(string driver, string accepted, string proposal) => Assert.EndsWith(
        proposal,
        Upload(driver, Deny("s3:PutObject", "*", $$$"""{"StringNotEquals":{"s3:x-amz-server-side-encryption":"{{{accepted}}}"}}""")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", "s3:*", "arn:aws:s3:::docker-registry/*", Plaintext, Reasons.TlsRequired)]
    [InlineData("", "*", "*", """{"Bool":{"aws:SecureTransport":false}}""", Reasons.TlsRequired)]
    [InlineData("", "s3:PutObject", "*", Plaintext, Reasons.PlaintextAllowed)]
    [InlineData("", "s3:*", "*", """{"Bool":{"aws:SecureTransport":"true"}}""", Reasons.PlaintextAllowed)]
    [InlineData("", "s3:*", "*", NoHeader, Reasons.PlaintextAllowed)]
    [InlineData("secure: false", "s3:*", "*", NoHeader, Reasons.NotRequired)]
    public void TlsPolicy_by_the_statement(string driver, string action, string resource, string condition, string reason) =>
        Assert.Equal(reason, new TlsPolicyCheck().Judge(Facts(Deny(action, resource, condition)), Samples.Context(driver)).Reason);

    private static CheckAnswer Upload(string driver, string statement) => new UploadPolicyCheck().Judge(Facts(statement), Samples.Context(driver));

    private static string Deny(string action, string resource, string condition) =>
        $$"""{"Effect":"Deny","Principal":"*","Action":"{{action}}","Resource":"{{resource}}","Condition":{{condition}}}""";

    // One statement may stand without a list around it.
    private static BucketFacts Facts(string statement) => new()
    {
        Home = AwsAnswer<BucketHome>.Of(new BucketHome("us-east-1")),
        Policy = AwsAnswer<BucketPolicy>.Of(BucketPolicy.Parse($$"""{"Version":"2012-10-17","Statement":{{statement}}}""")),
    };
}
