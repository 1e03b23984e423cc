namespace LocalRegistry.Operator.Runtime;

internal sealed partial class Informer<T>
{
    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Information, "Listed {Count} of {Kind}")]
        public static partial void Synced(ILogger logger, string kind, int count);

        [LoggerMessage(101, LogLevel.Debug, "Watch of {Kind} expired, listing again")]
        public static partial void Expired(ILogger logger, string kind);

        [LoggerMessage(102, LogLevel.Warning, "Watch of {Kind} was interrupted, listing again in {Delay}: {Problem}")]
        public static partial void Interrupted(ILogger logger, string kind, TimeSpan delay, string problem);
    }
}
