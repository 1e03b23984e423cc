using System.Globalization;

namespace LocalRegistry.Registry.Telemetry;

/// <summary>Counts each HTTP request that the SDK makes to S3.</summary>
internal sealed class S3RequestCounter(RegistryMetrics metrics, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // The SDK says in it which attempt a request is: "attempt=2; max=4".
    private const string Attempt = "amz-sdk-request";
    private const string FirstAttempt = "attempt=1";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string code = "unreachable";
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return response;
        }
        catch (OperationCanceledException)
        {
            // By the caller or by the SDK's own timeout, which are one token here.
            code = "canceled";
            throw;
        }
        finally
        {
            metrics.S3Asked(S3OperationName.Of(request), code, IsRetry(request));
        }
    }

    private static bool IsRetry(HttpRequestMessage request) =>
        request.Headers.TryGetValues(Attempt, out IEnumerable<string>? values)
        && !values.Any(v => v.Equals(FirstAttempt, StringComparison.Ordinal) || v.StartsWith(FirstAttempt + ";", StringComparison.Ordinal));
}
