namespace LocalRegistry.Registry.Http;

internal sealed partial class RegistryHandler
{
    [LoggerMessage(1, LogLevel.Debug, "the client left: {Method} {Path}")]
    private partial void LogClientGone(string method, string path);

    [LoggerMessage(2, LogLevel.Warning, "the object store failed: {Method} {Path}")]
    private partial void LogStoreFailure(Exception exception, string method, string path);

    [LoggerMessage(3, LogLevel.Error, "the request failed: {Method} {Path}")]
    private partial void LogFailure(Exception exception, string method, string path);
}
