using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using LocalRegistry.Registry.Checks;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using Xunit;

namespace LocalRegistry.Registry.Tests.Checks;

public sealed class S3AnswerTests
{
    private static readonly S3Driver Driver = new() { Bucket = "images", Region = "eu-central-1", KeyId = "alias/registry" };

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, nameof(CheckOutcome.Failed))]
    [InlineData(HttpStatusCode.NotFound, nameof(CheckOutcome.Failed))]
    [InlineData(HttpStatusCode.BadRequest, nameof(CheckOutcome.Failed))]
    [InlineData(HttpStatusCode.MovedPermanently, nameof(CheckOutcome.Failed))]
    [InlineData(HttpStatusCode.InternalServerError, nameof(CheckOutcome.Unknown))]
    [InlineData(HttpStatusCode.ServiceUnavailable, nameof(CheckOutcome.Unknown))]
    [InlineData(HttpStatusCode.NotImplemented, nameof(CheckOutcome.Failed))]
    [InlineData((HttpStatusCode)0, nameof(CheckOutcome.Unknown))]
    public void OutcomeOf_says_whether_the_answer_decides(HttpStatusCode status, string outcome) =>
        Assert.Equal(outcome, S3Answer.OutcomeOf(Error("Any", status)).ToString());

    [Theory]
    [InlineData("NoSuchBucket", HttpStatusCode.NotFound, "there is no bucket images: create it, or correct storage.s3.bucket")]
    [InlineData("InvalidAccessKeyId", HttpStatusCode.Forbidden, "the access key id is not known to the store")]
    [InlineData("SignatureDoesNotMatch", HttpStatusCode.Forbidden, "the secret access key does not belong to the access key id")]
    [InlineData("ExpiredToken", HttpStatusCode.BadRequest, "the credentials have expired: renew them")]
    [InlineData("RequestTimeTooSkewed", HttpStatusCode.Forbidden, "the node's clock differs")]
    [InlineData("PermanentRedirect", HttpStatusCode.MovedPermanently, "the bucket is not in eu-central-1: correct storage.s3.region")]
    [InlineData("AuthorizationHeaderMalformed", HttpStatusCode.BadRequest, "the bucket is not in eu-central-1: correct storage.s3.region")]
    [InlineData("AccessDenied", HttpStatusCode.Forbidden, "denied: allow s3:ListBucket on arn:aws:s3:::images (AccessDenied: said)")]
    [InlineData("InvalidToken", HttpStatusCode.BadRequest, "the session token does not belong")]
    [InlineData("KMS.DisabledException", HttpStatusCode.BadRequest, "the KMS key alias/registry is disabled: enable it")]
    [InlineData("KMS.NotFoundException", HttpStatusCode.BadRequest, "there is no KMS key alias/registry in eu-central-1: correct storage.s3.keyid")]
    [InlineData("KMS.KMSInvalidStateException", HttpStatusCode.BadRequest, "the KMS key alias/registry cannot be used")]
    [InlineData("KMS.InvalidKeyUsageException", HttpStatusCode.BadRequest, "the KMS key alias/registry is not for encryption")]
    [InlineData("KMS.LimitExceededException", HttpStatusCode.BadRequest, "KMS refuses the key alias/registry (KMS.LimitExceededException: said)")]
    [InlineData("NotImplemented", HttpStatusCode.NotImplemented, "the store cannot do what s3:ListBucket asks for here")]
    [InlineData("SlowDown", HttpStatusCode.ServiceUnavailable, "SlowDown: said")]
    public void Explain_says_what_to_do(string code, HttpStatusCode status, string message) => Assert.StartsWith(
        message, S3Answer.Explain(Error(code, status), Driver, "s3:ListBucket", "arn:aws:s3:::images"), StringComparison.Ordinal);

    [Fact]
    public void Explain_of_a_denial_that_names_its_cause_says_what_to_change_there()
    {
        const string Said = "User: arn:aws:iam::1:user/u is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:eu-central-1:1:key/k "
            + "because no identity-based policy allows the kms:GenerateDataKey action";
        var e = new AmazonS3Exception(Said, ErrorType.Sender, "AccessDenied", "request", HttpStatusCode.Forbidden);

        Assert.Equal(
            "denied: allow kms:GenerateDataKey on arn:aws:kms:eu-central-1:1:key/k in a policy of arn:aws:iam::1:user/u",
            S3Answer.Explain(e, Driver, "s3:PutObject", "arn:aws:s3:::images/k"));
    }

    private static AmazonS3Exception Error(string code, HttpStatusCode status) => new("said", ErrorType.Unknown, code, "request", status);
}
