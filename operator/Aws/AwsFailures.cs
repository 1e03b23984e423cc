using System.Net;
using Amazon.Runtime;

namespace LocalRegistry.Operator.Aws;

/// <summary>The one place where what the AWS clients throw becomes an <see cref="AwsFailure"/>.</summary>
internal static class AwsFailures
{
    // What a service says to explain itself is of use up to here. It goes into conditions, and a store's answer may be of megabytes.
    private const int LongestQuote = 300;

    /// <summary>Makes a call and answers with what it gave, or why it gave nothing.</summary>
    /// <param name="permission">The action that the call needs, as IAM names it.</param>
    /// <param name="resource">What it is made on, as an ARN.</param>
    /// <param name="call">The call; null means that there is nothing of the kind.</param>
    /// <param name="cancel">Gives up; then the exception goes on.</param>
    public static async Task<AwsAnswer<T>> CatchAsync<T>(string permission, string resource, Func<Task<T?>> call, CancellationToken cancel)
        where T : class
    {
        try
        {
            return await call() is { } value ? AwsAnswer<T>.Of(value) : AwsAnswer<T>.Absent("nothing is set");
        }
        catch (Exception e) when (IsAnswer(e, cancel))
        {
            return AwsAnswer<T>.Failed(Of(e, permission, resource));
        }
    }

    /// <summary>What an exception means. Only for those that <see cref="IsAnswer"/> lets through.</summary>
    public static AwsFailure Of(Exception e, string permission, string resource)
    {
        if (e is AmazonServiceException service)
        {
            AwsFailureKind kind = KindOf(service);
            string message = Said(service);
            return kind == AwsFailureKind.Denied ? new AwsFailure(kind, message, permission, resource) : new AwsFailure(kind, message);
        }

        // The SDK throws this before any call when no provider of its chain has credentials.
        return e is AmazonClientException
            ? new AwsFailure(AwsFailureKind.NoCredentials, Root(e))
            : new AwsFailure(AwsFailureKind.Unreachable, e is OperationCanceledException or TimeoutException ? "no answer in time" : Root(e));
    }

    /// <summary>What somebody else says, fit for a message: on one line, and not longer than is of use.</summary>
    public static string Quote(string text)
    {
        // No more is looked at than can be shown.
        string head = text.Length > 2 * LongestQuote ? text[..(2 * LongestQuote)] : text;
        string line = head.ReplaceLineEndings(" ").Trim();
        if (line.Length <= LongestQuote && head.Length == text.Length)
        {
            return line;
        }

        int end = Math.Min(line.Length, LongestQuote);
        // Half of a pair of surrogates is no text.
        return $"{line[..(end > 0 && char.IsHighSurrogate(line[end - 1]) ? end - 1 : end)]}...";
    }

    /// <summary>Whether an exception says something about the call, rather than about this program.</summary>
    public static bool IsAnswer(Exception e, CancellationToken cancel) => e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
        || (e is OperationCanceledException && !cancel.IsCancellationRequested);

    private static AwsFailureKind KindOf(AmazonServiceException e) => e switch
    {
        { ErrorCode: "NoSuchBucket" } => AwsFailureKind.NoSuchBucket,
        { ErrorCode: "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" } => AwsFailureKind.OtherRegion,
        { ErrorCode: "NotImplemented" or "MethodNotAllowed" } or { StatusCode: HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed } => AwsFailureKind.Unsupported,
        { ErrorCode: "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "SlowDown" } => AwsFailureKind.Unreachable,
        {
            ErrorCode: "InvalidAccessKeyId" or "InvalidClientTokenId" or "UnrecognizedClientException" or "SignatureDoesNotMatch" or "IncompleteSignature"
                or "ExpiredToken" or "ExpiredTokenException" or "InvalidToken" or "RequestTimeTooSkewed" or "RequestExpired"
        } => AwsFailureKind.BadCredentials,
        { ErrorCode: "AccessDenied" or "AccessDeniedException" } or { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } => AwsFailureKind.Denied,
        { ErrorCode: "NotFoundException" or "NoSuchEntity" } or { StatusCode: HttpStatusCode.NotFound } => AwsFailureKind.Absent,
        { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError } => AwsFailureKind.Invalid,
        _ => AwsFailureKind.Unreachable,
    };

    private static string Said(AmazonServiceException e)
    {
        // Some stores give a code and no message, for which the SDK makes one that says nothing.
        bool hasMessage = !string.IsNullOrWhiteSpace(e.Message) && !e.Message.StartsWith("Error making request", StringComparison.Ordinal) && e.Message != e.ErrorCode;
        return (e.ErrorCode, hasMessage) switch
        {
            ({ Length: > 0 } code, false) => Quote(code),
            ({ Length: > 0 } code, true) => Quote($"{code}: {e.Message}"),
            _ => Root(e),
        };
    }

    private static string Root(Exception e)
    {
        // What HTTP says of a connection that failed names the host; the socket underneath does not.
        string message = (Chain(e).OfType<HttpRequestException>().LastOrDefault() ?? e.GetBaseException()).Message;
        return message.Length == 0 ? e.GetType().Name : Quote(message);
    }

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}
