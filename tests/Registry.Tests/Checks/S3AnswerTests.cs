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
    private static readonly S3Driver Driver = new() { Bucket = "images", Region = "eu-central-1" };

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, nameof(CheckOutcome.Failed))]
    [InlineData(HttpStatusCode.NotFound, nameof(CheckOutcome.Failed))]
    [InlineData(HttpStatusCode.BadRequest, nameof(CheckOutcome.Failed))]
    [InlineData(HttpStatusCode.MovedPermanently, nameof(CheckOutcome.Failed))]
    [InlineData(HttpStatusCode.InternalServerError, nameof(CheckOutcome.Unknown))]
    [InlineData(HttpStatusCode.ServiceUnavailable, nameof(CheckOutcome.Unknown))]
    [InlineData((HttpStatusCode)0, nameof(CheckOutcome.Unknown))]
    public void OutcomeOf_says_whether_the_answer_decides(HttpStatusCode status, string outcome) =>
        Assert.Equal(outcome, S3Answer.OutcomeOf(Error("Any", status)).ToString());

    [Theory]
    [InlineData("NoSuchBucket", HttpStatusCode.NotFound, "there is no bucket images: create it, or correct storage.s3.bucket")]
    [InlineData("InvalidAccessKeyId", HttpStatusCode.Forbidden, "the access key id is not known to the store")]
    [InlineData("SignatureDoesNotMatch", HttpStatusCode.Forbidden, "the secret access key does not belong to the access key id")]
    [InlineData("ExpiredToken", HttpStatusCode.BadRequest, "the credentials have expired")]
    [InlineData("RequestTimeTooSkewed", HttpStatusCode.Forbidden, "the node's clock differs")]
    [InlineData("PermanentRedirect", HttpStatusCode.MovedPermanently, "the bucket is not in eu-central-1: correct storage.s3.region")]
    [InlineData("AuthorizationHeaderMalformed", HttpStatusCode.BadRequest, "the bucket is not in eu-central-1: correct storage.s3.region")]
    [InlineData("AccessDenied", HttpStatusCode.Forbidden, "denied: allow s3:ListBucket on arn:aws:s3:::images (AccessDenied: said)")]
    [InlineData("SlowDown", HttpStatusCode.ServiceUnavailable, "SlowDown: said")]
    public void Explain_says_what_to_do(string code, HttpStatusCode status, string message) => Assert.StartsWith(
        message, S3Answer.Explain(Error(code, status), Driver, "s3:ListBucket", "arn:aws:s3:::images"), StringComparison.Ordinal);

    private static AmazonS3Exception Error(string code, HttpStatusCode status) => new("said", ErrorType.Unknown, code, "request", status);
}
