using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Restoration;

internal sealed partial class RestorationController
{
    private static partial class Log
    {
        [LoggerMessage(220, LogLevel.Debug, "{Count} nodes of {Resource} are remembered as configured")]
        public static partial void Remembered(ILogger logger, ResourceKey resource, int count);

        [LoggerMessage(221, LogLevel.Warning, "Nodes of {Resource} could not be restored and are tried again: {Nodes}")]
        public static partial void Failed(ILogger logger, ResourceKey resource, string nodes);

        [LoggerMessage(222, LogLevel.Warning, "The API server refuses pods that restore nodes of {Resource}: {Message}")]
        public static partial void Refused(ILogger logger, ResourceKey resource, string message);

        [LoggerMessage(223, LogLevel.Information, "Nothing is left to restore of {Resource}")]
        public static partial void Done(ILogger logger, ResourceKey resource);
    }
}
