using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Bucket;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation.Bucket;

public sealed class EncryptionCheckTests
{
    private const string Key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private const string KeyId = "1234abcd-12ab-34cd-56ef-1234567890ab";

    [Theory]
    // Without encrypt, the bucket's default is what counts, whatever it is.
    [InlineData("", "AES256", null, "Passed", Reasons.EncryptionVerified)]
    [InlineData("", "aws:kms", Key, "Passed", Reasons.EncryptionVerified)]
    [InlineData("", "aws:kms:dsse", Key, "Passed", Reasons.EncryptionVerified)]
    [InlineData("", null, null, "Failed", Reasons.NotEncrypted)]
    // With encrypt, writes ask for S3's own keys.
    [InlineData("encrypt: true", "AES256", null, "Passed", Reasons.EncryptionVerified)]
    [InlineData("encrypt: true", null, null, "Failed", Reasons.NotEncrypted)]
    [InlineData("encrypt: true", "aws:kms", Key, "Failed", Reasons.AlgorithmMismatch)]
    [InlineData("encrypt: true", "aws:kms:dsse", Key, "Failed", Reasons.AlgorithmMismatch)]
    // With a key, writes ask for that key.
    [InlineData($"encrypt: true, keyid: '{Key}'", "aws:kms", Key, "Passed", Reasons.EncryptionVerified)]
    [InlineData($"encrypt: true, keyid: '{Key}'", "aws:kms", KeyId, "Passed", Reasons.EncryptionVerified)]
    [InlineData($"encrypt: true, keyid: '{KeyId}'", "aws:kms", Key, "Passed", Reasons.EncryptionVerified)]
    [InlineData($"encrypt: true, keyid: '{KeyId}'", "aws:kms", "other", "Failed", Reasons.KeyMismatch)]
    [InlineData($"encrypt: true, keyid: '{Key}'", "aws:kms", "arn:aws:kms:eu-west-1:111122223333:key/" + KeyId, "Failed", Reasons.KeyMismatch)]
    [InlineData("encrypt: true, keyid: alias/registry", "aws:kms", "arn:aws:kms:us-east-1:111122223333:alias/registry", "Passed", Reasons.EncryptionVerified)]
    [InlineData("encrypt: true, keyid: alias/registry", "aws:kms", "alias/other", "Failed", Reasons.KeyMismatch)]
    [InlineData("encrypt: true, keyid: alias/registry", "aws:kms", Key, "Unknown", Reasons.KeyNotComparable)]
    [InlineData("encrypt: true, keyid: alias/aws/s3", "aws:kms", null, "Passed", Reasons.EncryptionVerified)]
    [InlineData($"encrypt: true, keyid: '{Key}'", "AES256", null, "Failed", Reasons.AlgorithmMismatch)]
    [InlineData($"encrypt: true, keyid: '{Key}'", "aws:kms:dsse", Key, "Failed", Reasons.AlgorithmMismatch)]
    // With dual-layer encryption, too, and without a key's name with the one that AWS manages.
    [InlineData($"encrypt: true, dsse: true, keyid: '{Key}'", "aws:kms:dsse", Key, "Passed", Reasons.EncryptionVerified)]
    [InlineData($"encrypt: true, dsse: true, keyid: '{Key}'", "aws:kms:dsse", "other", "Failed", Reasons.KeyMismatch)]
    [InlineData($"encrypt: true, dsse: true, keyid: '{Key}'", "aws:kms", Key, "Failed", Reasons.AlgorithmMismatch)]
    [InlineData("encrypt: true, dsse: true", "aws:kms:dsse", null, "Passed", Reasons.EncryptionVerified)]
    [InlineData("encrypt: true, dsse: true", "aws:kms:dsse", Key, "Unknown", Reasons.KeyNotComparable)]
    [InlineData("encrypt: true, dsse: true", "AES256", null, "Failed", Reasons.AlgorithmMismatch)]
    public void Judge_on_a_bucket_that_answers(string driver, string? algorithm, string? key, string outcome, string reason)
    {
        CheckAnswer answer = Judge(driver, algorithm is null ? null : new BucketEncryption(algorithm, key));

        Assert.Equal((outcome, reason), (answer.Outcome.ToString(), answer.Reason));
        Assert.Contains("docker-registry", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_on_an_unencrypted_bucket_says_the_command_that_encrypts_it()
    {
        CheckAnswer answer = Judge($"regionendpoint: 'http://s3.example.com:9000', encrypt: true, keyid: {KeyId}", null);

        Assert.EndsWith(
            "aws --endpoint-url http://s3.example.com:9000 s3api put-bucket-encryption --bucket docker-registry --server-side-encryption-configuration "
            + "'{\"Rules\":[{\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"aws:kms\",\"KMSMasterKeyID\":\"" + KeyId + "\"}}]}'",
            answer.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_on_another_key_says_which_to_write() => Assert.Contains(
        $"Set spec.config.storage.s3.keyid to \"{Key}\"",
        Judge("encrypt: true", new BucketEncryption("aws:kms", Key)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("alias/registry", Key, "Passed", Reasons.EncryptionVerified)]
    [InlineData("alias/registry", "arn:aws:kms:us-east-1:111122223333:key/other", "Failed", Reasons.KeyMismatch)]
    public void Judge_of_an_alias_asks_which_key_it_means(string written, string byDefault, string outcome, string reason)
    {
        BucketFacts facts = Facts(new BucketEncryption("aws:kms", byDefault)) with
        {
            WrittenKey = AwsAnswer<KmsKeyState>.Of(new KmsKeyState(Key, "Enabled", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")),
        };

        CheckAnswer answer = new EncryptionCheck().Judge(facts, Samples.Context($"encrypt: true, keyid: {written}"));

        Assert.Equal((outcome, reason), (answer.Outcome.ToString(), answer.Reason));
    }

    [Theory]
    [InlineData("AES256", null, null, "AES256", false, "Passed")]
    [InlineData("aws:kms:dsse", null, null, "aws:kms", false, "Failed")]
    [InlineData(null, Key, null, "aws:kms", false, "Passed")]
    [InlineData(null, Key, null, "AES256", false, "Failed")]
    [InlineData(null, "alias/other", null, "aws:kms", false, "Failed")]
    [InlineData(null, null, true, "aws:kms", true, "Passed")]
    [InlineData(null, null, true, "aws:kms", false, "Failed")]
    [InlineData(null, null, false, "aws:kms", true, "Failed")]
    public void Judge_holds_the_bucket_against_what_the_resource_requires(string? algorithm, string? key, bool? bucketKey, string found, bool foundBucketKey, string outcome)
    {
        var required = new EncryptionSpec { Algorithm = algorithm, KeyId = key, BucketKey = bucketKey };
        BucketFacts facts = Facts(new BucketEncryption(found, found == "AES256" ? null : Key, foundBucketKey));

        CheckAnswer answer = new EncryptionCheck().Judge(facts, Samples.Context(validation: new ValidationSpec { Encryption = required }));

        Assert.Equal((outcome, outcome == "Passed" ? Reasons.EncryptionVerified : Reasons.EncryptionNotAsRequired), (answer.Outcome.ToString(), answer.Reason));
    }

    [Theory]
    [InlineData("encrypt: true", "aws:kms", null, "remove encrypt from spec.config.storage.s3. ")]
    [InlineData("encrypt: true", "aws:kms", Key, $"set spec.config.storage.s3.keyid to \"{Key}\". ")]
    [InlineData($"encrypt: true, keyid: '{Key}'", "AES256", null, "remove keyid from spec.config.storage.s3. ")]
    [InlineData($"encrypt: true, keyid: '{Key}'", "aws:kms:dsse", null, "set spec.config.storage.s3.dsse to true. ")]
    [InlineData("encrypt: true", "aws:kms:dsse", Key, $"set spec.config.storage.s3.dsse to true and set spec.config.storage.s3.keyid to \"{Key}\". ")]
    [InlineData($"encrypt: true, dsse: true, keyid: '{Key}'", "aws:kms", null, "remove dsse from spec.config.storage.s3. ")]
    [InlineData($"encrypt: true, dsse: true, keyid: '{Key}'", "AES256", null, "remove keyid and dsse from spec.config.storage.s3. ")]
    [InlineData("encrypt: true, dsse: true", "aws:kms", null, "remove encrypt and dsse from spec.config.storage.s3. ")]
    [InlineData("", "aws:kms", null, null)]
    [InlineData($"encrypt: true, keyid: '{Key}'", "aws:kms", null, null)]
    public void Judge_says_what_else_to_change_if_the_bucket_alone_would_no_longer_agree(string driver, string algorithm, string? key, string? also)
    {
        var required = new ValidationSpec { Encryption = new EncryptionSpec { Algorithm = algorithm, KeyId = key } };
        string command = $"aws s3api put-bucket-encryption --bucket docker-registry --server-side-encryption-configuration '{{\"Rules\":[{{\"ApplyServerSideEncryptionByDefault\":{{\"SSEAlgorithm\":\"{algorithm}\"";

        string message = new EncryptionCheck().Judge(Facts(null), Samples.Context(driver, validation: required)).Message;

        Assert.Contains($"default encryption. {(also is null ? "" : $"The configuration writes in another way, too: {also}")}Set it: {command}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_of_a_configuration_that_does_not_agree_with_a_bucket_as_required_changes_the_configuration_alone() => Assert.EndsWith(
        $"Set spec.config.storage.s3.keyid to \"{Key}\".",
        new EncryptionCheck().Judge(
            Facts(new BucketEncryption("aws:kms", Key)),
            Samples.Context("encrypt: true", validation: new ValidationSpec { Encryption = new EncryptionSpec { Algorithm = "aws:kms" } })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Judge_gives_a_command_that_keeps_the_bucket_key() => Assert.EndsWith(
        "\"BucketKeyEnabled\":true}]}'", Judge($"encrypt: true, keyid: '{Key}'", new BucketEncryption("aws:kms", "other", true)).Message, StringComparison.Ordinal);

    private static CheckAnswer Judge(string driver, BucketEncryption? encryption) => new EncryptionCheck().Judge(Facts(encryption), Samples.Context(driver));

    private static BucketFacts Facts(BucketEncryption? encryption) => new()
    {
        Home = AwsAnswer<BucketHome>.Of(new BucketHome("us-east-1")),
        Encryption = encryption is null ? AwsAnswer<BucketEncryption>.Absent("none") : AwsAnswer<BucketEncryption>.Of(encryption),
    };
}
