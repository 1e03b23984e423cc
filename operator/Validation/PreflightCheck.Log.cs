namespace LocalRegistry.Operator.Validation;

internal sealed partial class PreflightCheck
{
    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Information, "Started preflight {Job}")]
        public static partial void Started(ILogger logger, string job);

        [LoggerMessage(201, LogLevel.Warning, "Events cannot be read, so a preflight that cannot start is explained less well: {Message}")]
        public static partial void EventsForbidden(ILogger logger, string message);

        [LoggerMessage(202, LogLevel.Warning, "Preflight {Job} goes on after its {Seconds} s; the cluster is reminded to end it")]
        public static partial void Overdue(ILogger logger, string job, long seconds);
    }
}
