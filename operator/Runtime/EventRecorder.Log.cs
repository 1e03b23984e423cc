namespace LocalRegistry.Operator.Runtime;

internal sealed partial class EventRecorder
{
    private static partial class Log
    {
        [LoggerMessage(140, LogLevel.Warning, "Event {Reason} could not be recorded as {Key}")]
        public static partial void NotRecorded(ILogger logger, string reason, ResourceKey key, Exception exception);
    }
}
