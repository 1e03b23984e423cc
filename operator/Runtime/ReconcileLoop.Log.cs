namespace LocalRegistry.Operator.Runtime;

internal sealed partial class ReconcileLoop<T>
{
    private static partial class Log
    {
        [LoggerMessage(110, LogLevel.Debug, "Reconciling {Key}")]
        public static partial void Reconciling(ILogger logger, ResourceKey key);

        [LoggerMessage(111, LogLevel.Warning, "Reconciling {Key} did not go through: {Message}")]
        public static partial void Failed(ILogger logger, ResourceKey key, string? message, Exception? exception);

        [LoggerMessage(112, LogLevel.Error, "Reconciling {Key} failed, trying again")]
        public static partial void Threw(ILogger logger, ResourceKey key, Exception exception);
    }
}
