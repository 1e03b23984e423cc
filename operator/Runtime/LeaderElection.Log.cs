namespace LocalRegistry.Operator.Runtime;

internal sealed partial class LeaderElection
{
    private static partial class Log
    {
        [LoggerMessage(130, LogLevel.Information, "The leader is {Leader} (this is {Identity})")]
        public static partial void Leader(ILogger logger, string leader, string identity);

        [LoggerMessage(131, LogLevel.Error, "Leadership was lost")]
        public static partial void Lost(ILogger logger);

        [LoggerMessage(132, LogLevel.Information, "Leadership was given up")]
        public static partial void Released(ILogger logger);

        [LoggerMessage(133, LogLevel.Warning, "The lease could not be read or written")]
        public static partial void NotRead(ILogger logger, Exception? exception);
    }
}
