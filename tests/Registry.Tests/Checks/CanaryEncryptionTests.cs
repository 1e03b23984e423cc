using LocalRegistry.Registry.Checks;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using Xunit;

namespace LocalRegistry.Registry.Tests.Checks;

public sealed class CanaryEncryptionTests
{
    private const string Key = "arn:aws:kms:us-east-1:111122223333:key/1";

    [Theory]
    [InlineData(false, null, null, null, true, "encryption none")]
    [InlineData(false, null, "aws:kms", Key, true, "encryption aws:kms, KMS key " + Key)]
    [InlineData(true, null, "AES256", null, true, "encryption AES256")]
    [InlineData(true, null, "aws:kms", Key, false, "written with encryption AES256 and lies in the bucket with aws:kms, KMS key " + Key)]
    [InlineData(true, null, null, null, false, "written with encryption AES256 and lies in the bucket with none")]
    [InlineData(true, "1", "AES256", null, false, "written with encryption aws:kms and lies in the bucket with AES256")]
    [InlineData(true, "1", "aws:kms", Key, true, "encryption aws:kms, KMS key " + Key)]
    [InlineData(true, "2", "aws:kms", Key, false, "written with KMS key 2 and lies in the bucket with " + Key)]
    [InlineData(true, "arn:aws:kms:eu-west-1:111122223333:key/1", "aws:kms", Key, false, "written with KMS key arn:aws:kms:eu-west-1:111122223333:key/1 and lies")]
    [InlineData(true, "alias/registry", "aws:kms", Key, true, "asked for with key alias/registry and used, KMS key " + Key)]
    [InlineData(true, "1", "aws:kms", "", true, "asked for with key 1, the key used is not told")]
    public void Judge_holds_method_and_key_against_what_was_asked_for(bool encrypt, string? keyId, string? method, string? used, bool passed, string told)
    {
        var driver = new S3Driver { Bucket = "images", Region = "us-east-1", Encrypt = encrypt, KeyId = keyId };

        CheckResult result = CanaryEncryption.Judge(driver, new CheckResult("ReadCanary", CheckOutcome.Passed, null, null, ""), method, used);

        Assert.Equal(passed ? CheckOutcome.Passed : CheckOutcome.Failed, result.Outcome);
        Assert.Contains(told, result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "aws:kms:dsse", Key, true, "encryption aws:kms:dsse, KMS key " + Key)]
    [InlineData("1", "aws:kms:dsse", Key, true, "encryption aws:kms:dsse, KMS key " + Key)]
    [InlineData("1", "aws:kms", Key, false, "written with encryption aws:kms:dsse and lies in the bucket with aws:kms, KMS key " + Key)]
    [InlineData("2", "aws:kms:dsse", Key, false, "written with KMS key 2 and lies in the bucket with " + Key)]
    public void Judge_knows_dual_layer_encryption(string? keyId, string? method, string? used, bool passed, string told)
    {
        var driver = new S3Driver { Bucket = "images", Region = "us-east-1", Encrypt = true, Dsse = true, KeyId = keyId };

        CheckResult result = CanaryEncryption.Judge(driver, new CheckResult("ReadCanary", CheckOutcome.Passed, null, null, ""), method, used);

        Assert.Equal(passed ? CheckOutcome.Passed : CheckOutcome.Failed, result.Outcome);
        Assert.Contains(told, result.Message, StringComparison.Ordinal);
    }
}
