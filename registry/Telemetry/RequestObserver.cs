using System.Diagnostics;

namespace LocalRegistry.Registry.Telemetry;

/// <summary>Counts and traces the requests of the registry's API.</summary>
internal sealed class RequestObserver(TimeProvider time, RegistryMetrics? metrics = null, RegistryTracing? tracing = null)
{
    /// <summary>Whether anything is to be observed at all.</summary>
    public bool IsOn => metrics is not null || tracing is not null;

    /// <summary>Passes a request on.</summary>
    public async Task ObserveAsync(HttpContext context, RequestDelegate next)
    {
        // "/" is asked by probes, every few seconds.
        if (context.Request.Path == "/")
        {
            await next(context);
            return;
        }

        long started = time.GetTimestamp();
        using Activity? activity = tracing?.BeginRequest(context.Request);
        var request = new ObservedRequest(context, metrics, activity);
        try
        {
            await next(context);
        }
        finally
        {
            request.End(time.GetElapsedTime(started));
        }
    }
}
