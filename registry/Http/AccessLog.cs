using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Http;

/// <summary>Writes one line for each request that has ended (<c>log.accesslog</c>).</summary>
internal sealed partial class AccessLog(RegistryConfiguration configuration, TimeProvider time, ILogger<AccessLog> logger)
{
    public async Task LogAsync(HttpContext context, RequestDelegate next)
    {
        // "/" is asked by probes, every few seconds.
        if (!configuration.Log.AccessLog || !logger.IsEnabled(LogLevel.Information) || context.Request.Path == "/")
        {
            await next(context);
            return;
        }

        long started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            HttpRequest request = context.Request;
            LogCompleted(
                request.Method,
                request.Path,
                context.Response.StatusCode,
                context.Response.ContentLength ?? 0,
                time.GetElapsedTime(started).TotalMilliseconds,
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                request.Headers.UserAgent.ToString());
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Path} {Status} {Written} bytes in {Milliseconds:0.0} ms to {Remote} {UserAgent}", SkipEnabledCheck = true)]
    private partial void LogCompleted(string method, string path, int status, long written, double milliseconds, string remote, string userAgent);
}
