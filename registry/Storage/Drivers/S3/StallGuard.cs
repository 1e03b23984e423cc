namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>Cuts requests that stand still, with an <see cref="IOException"/>, which the SDK tries again.</summary>
/// <param name="timeouts">How long is too long.</param>
/// <param name="inner">What sends.</param>
internal sealed class StallGuard(S3Timeouts timeouts, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The largest answer that is no object's content, in bytes: a list of 1000 keys of 1024 bytes, each of them escaped, has less.</summary>
    private const int MaximumDocument = 16 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        TimeSpan answer = request.Method == HttpMethod.Put || request.Method == HttpMethod.Post ? timeouts.WriteAnswer : timeouts.ReadAnswer;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (request.Content is { } body)
        {
            patience.CancelAfter(timeouts.Connect + timeouts.Stall);
            request.Content = new WatchedRequestContent(body, moved: () => patience.CancelAfter(timeouts.Stall), sent: () => patience.CancelAfter(answer));
        }
        else
        {
            patience.CancelAfter(timeouts.Connect + answer);
        }

        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, patience.Token);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"no answer to {request.Method} within the time that is allowed", e);
        }

        if (request.Method == HttpMethod.Head)
        {
            return response;
        }

        try
        {
            response.Content = new WatchedResponseContent(response.Content, timeouts.Stall);

            // The SDK reads documents with calls that block and that nothing ends, so they are read here. Objects' bytes are asked for by range.
            if (request.Headers.Range is null || !response.IsSuccessStatusCode)
            {
                await response.Content.LoadIntoBufferAsync(MaximumDocument, cancellationToken);
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
