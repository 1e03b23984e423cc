using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Mirror;

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
            Log(context, time.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private void Log(HttpContext context, double milliseconds)
    {
        HttpRequest request = context.Request;
        int status = context.Response.StatusCode;
        long written = context.Response.ContentLength ?? 0;
        string remote = context.Connection.RemoteIpAddress?.ToString() ?? "";
        string userAgent = request.Headers.UserAgent.ToString();
        if (context.Features.Get<MirroredHost>() is { } host)
        {
            LogMirrored(request.Method, request.Path, host.Host.Value, status, written, milliseconds, remote, userAgent);
        }
        else
        {
            LogCompleted(request.Method, request.Path, status, written, milliseconds, remote, userAgent);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Path} {Status} {Written} bytes in {Milliseconds:0.0} ms to {Remote} {UserAgent}", SkipEnabledCheck = true)]
    private partial void LogCompleted(string method, string path, int status, long written, double milliseconds, string remote, string userAgent);

    [LoggerMessage(2, LogLevel.Information, "{Method} {Path} of {Ns} {Status} {Written} bytes in {Milliseconds:0.0} ms to {Remote} {UserAgent}", SkipEnabledCheck = true)]
    private partial void LogMirrored(
        string method, string path, string ns, int status, long written, double milliseconds, string remote, string userAgent);
}
