using System.Net;

namespace LocalRegistry.Operator.Aws.Calls;

/// <summary>Tells whether an answer asks for fewer requests.</summary>
internal static class AwsThrottling
{
    // As the SDK's own retries know them. The query services give them with 400, S3 with 503.
    private static readonly string[] Codes =
    [
        "SlowDown", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
        "RequestLimitExceeded", "BandwidthLimitExceeded",
    ];

    /// <param name="response">An answer whose body has been read.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<bool> IsAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            return true;
        }

        if (response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.ServiceUnavailable))
        {
            return false;
        }

        // <Code>SlowDown</Code> in XML; "__type": "com.amazonaws...#ThrottlingException" in JSON.
        string body = await response.Content.ReadAsStringAsync(cancel);
        return Codes.Any(c => body.Contains($"<Code>{c}</Code>", StringComparison.Ordinal)
            || body.Contains($"\"{c}\"", StringComparison.Ordinal) || body.Contains($"#{c}\"", StringComparison.Ordinal));
    }
}
