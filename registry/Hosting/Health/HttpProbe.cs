using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Hosting.Health;

/// <summary>Asks a URL by HEAD and wants a status of it (<c>health.http</c>).</summary>
internal sealed class HttpProbe(HttpHealthCheck check, HttpClient client, TimeProvider time) : HealthProbe(check.Uri, check.Interval, check.Threshold)
{
    public override async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, check.Uri);
        foreach ((string name, IReadOnlyList<string> values) in check.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, values);
        }

        using var timeout = new CancellationTokenSource(check.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            int status = (int)response.StatusCode;
            return status == check.StatusCode ? null : $"the answer is {status}, not {check.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"there is no answer within {check.Timeout.TotalSeconds:0.###} s";
        }
    }
}
