using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using LocalRegistry.Operator.Aws;
using Xunit;

namespace LocalRegistry.Operator.Tests.Aws;

public sealed class AwsFailuresTests
{
    [Fact]
    public void Of_a_short_answer_keeps_all_of_it() =>
        Assert.Equal("AccessDenied: not yours", MessageOf(Error("AccessDenied", "not yours")));

    [Fact]
    public void Of_an_answer_with_a_long_text_keeps_its_beginning_on_one_line()
    {
        string message = MessageOf(Error("InternalError", "<html>\r\n<body>\n" + new string('x', 4 * 1024 * 1024)));

        Assert.StartsWith("InternalError: <html> <body> xxx", message, StringComparison.Ordinal);
        Assert.EndsWith("...", message, StringComparison.Ordinal);
        Assert.Equal(303, message.Length);
    }

    [Fact]
    public void Of_an_answer_with_a_long_code_cuts_it() => Assert.Equal(303, MessageOf(Error(new string('C', 5000), "")).Length);

    [Fact]
    public void Of_a_broken_connection_with_a_long_text_keeps_its_beginning_on_one_line()
    {
        string message = MessageOf(new HttpRequestException("first\nsecond " + new string('x', 5000)));

        Assert.StartsWith("first second xxx", message, StringComparison.Ordinal);
        Assert.Equal(303, message.Length);
    }

    [Fact]
    public void Quote_does_not_cut_a_pair_of_surrogates_in_two()
    {
        string text = new string('x', 299) + "\U0001F600" + new string('x', 10);

        Assert.Equal(new string('x', 299) + "...", AwsFailures.Quote(text));
    }

    [Fact]
    public void Quote_of_a_text_that_is_blank_for_long_says_that_more_follows() =>
        Assert.Equal("...", AwsFailures.Quote(new string('\n', 5000) + "far away"));

    private static string MessageOf(Exception e) => AwsFailures.Of(e, "s3:GetBucketPolicy", "arn:aws:s3:::b").Message;

    private static AmazonS3Exception Error(string code, string message) => new(message, ErrorType.Unknown, code, "request", HttpStatusCode.InternalServerError);
}
