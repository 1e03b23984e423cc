using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration.Check;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

public sealed class EncryptionDecisionTests
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
    public void Decide_on_a_bucket_that_answers(string driver, string? algorithm, string? key, string outcome, string reason)
    {
        BucketEncryption? encryption = algorithm is null ? null : new BucketEncryption(algorithm, key);

        CheckAnswer answer = EncryptionDecision.Decide(Samples.Driver(driver), new BucketState.Found(encryption));

        Assert.Equal((outcome, reason), (answer.Outcome.ToString(), answer.Reason));
        Assert.Contains("docker-registry", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_on_an_unencrypted_bucket_says_the_command_that_encrypts_it()
    {
        CheckAnswer answer = EncryptionDecision.Decide(
            Samples.Driver($"regionendpoint: 'http://s3.example.com:9000', encrypt: true, keyid: {KeyId}"), new BucketState.Found(null));

        Assert.EndsWith(
            "aws --endpoint-url http://s3.example.com:9000 s3api put-bucket-encryption --bucket docker-registry --server-side-encryption-configuration "
            + "'{\"Rules\":[{\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"aws:kms\",\"KMSMasterKeyID\":\"" + KeyId + "\"}}]}'",
            answer.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_on_another_key_says_which_to_write() => Assert.Contains(
        $"Set spec.config.storage.s3.keyid to \"{Key}\"",
        EncryptionDecision.Decide(Samples.Driver("encrypt: true"), new BucketState.Found(new BucketEncryption("aws:kms", Key))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Decide_on_a_bucket_that_does_not_answer_says_what_to_change()
    {
        Check(new BucketState.Missing(), CheckOutcome.Failed, Reasons.BucketNotFound, "spec.config.storage.s3.bucket");
        Check(new BucketState.Elsewhere("expecting eu-west-1"), CheckOutcome.Failed, Reasons.WrongRegion, "eu-west-1");
        Check(new BucketState.Denied("AccessDenied"), CheckOutcome.Unknown, Reasons.CheckNotPermitted, "s3:GetEncryptionConfiguration on arn:aws:s3:::docker-registry");
        Check(new BucketState.Anonymous(), CheckOutcome.Unknown, Reasons.NoCredentials, "credentials");
        Check(new BucketState.Unreachable("refused"), CheckOutcome.Unknown, Reasons.StoreUnreachable, "refused");

        static void Check(BucketState state, CheckOutcome outcome, string reason, string told)
        {
            CheckAnswer answer = EncryptionDecision.Decide(Samples.Driver(), state);
            Assert.Equal((outcome, reason), (answer.Outcome, answer.Reason));
            Assert.Contains(told, answer.Message, StringComparison.Ordinal);
        }
    }
}
