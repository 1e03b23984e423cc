using System.Globalization;
using System.Threading.RateLimiting;

namespace LocalRegistry.Operator.Aws.Calls;

/// <summary>Lets a request have its turn, sends it, and counts how it went.</summary>
internal sealed class AwsCallHandler(
    AwsLimits limits, RateLimiter rate, RateLimiter concurrency, IAwsCallCounter count, HttpMessageHandler transport) : DelegatingHandler(transport)
{
    // The longest answers are IAM's and the bucket's policies, with some ten thousand characters each.
    private const int LongestAnswer = 4 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AwsOperation operation = request.Options.TryGetValue(AwsOperation.Key, out AwsOperation? named) ? named
            : AwsOperation.Current ?? new AwsOperation("unknown", request.Method.Method);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(limits.Wait);
        cancellationToken.ThrowIfCancellationRequested();
        using RateLimitLease place = await AcquireAsync(concurrency, waiting.Token, cancellationToken);
        using RateLimitLease turn = await AcquireAsync(rate, waiting.Token, cancellationToken);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limits.Timeout);
        HttpResponseMessage? response = null;
        try
        {
            // "Expect: 100-continue" costs a round trip before each body.
            request.Headers.ExpectContinue = false;
            response = await base.SendAsync(request, deadline.Token);
            // Read here, so that the deadline holds for the whole answer. None is long.
            await response.Content.LoadIntoBufferAsync(LongestAnswer, deadline.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            response?.Dispose();
            bool isTimeout = e is OperationCanceledException && !cancellationToken.IsCancellationRequested;
            count.Asked(operation, isTimeout ? AwsCallCodes.Timeout : e is OperationCanceledException ? AwsCallCodes.Canceled : AwsCallCodes.Unreachable);
            if (isTimeout)
            {
                throw new HttpRequestException($"{request.RequestUri?.Host} did not answer within {limits.Timeout.TotalSeconds:0.#} s", e);
            }

            throw;
        }

        count.Asked(operation, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        if (await AwsThrottling.IsAsync(response, cancellationToken))
        {
            count.ThrottledByAws();
        }

        return response;
    }

    private async Task<RateLimitLease> AcquireAsync(RateLimiter limiter, CancellationToken waiting, CancellationToken cancel)
    {
        try
        {
            RateLimitLease lease = await limiter.AcquireAsync(1, waiting);
            if (lease.IsAcquired)
            {
                return lease;
            }

            lease.Dispose();
        }
        catch (OperationCanceledException)
        {
            // Waited too long. Whoever gave up before that learns nothing of the limit, but it is counted.
            if (cancel.IsCancellationRequested)
            {
                count.ThrottledByOperator();
                throw;
            }
        }

        count.ThrottledByOperator();
        throw new HttpRequestException(
            $"the operator has more to ask of AWS than --aws-requests-per-second allows, which is {limits.RequestsPerSecond}: raise it, or spec.validation.interval");
    }
}
