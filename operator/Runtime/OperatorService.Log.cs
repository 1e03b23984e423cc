namespace LocalRegistry.Operator.Runtime;

internal sealed partial class OperatorService
{
    private static partial class Log
    {
        [LoggerMessage(150, LogLevel.Critical, "The operator ends and is to be started again")]
        public static partial void Ending(ILogger logger, Exception? exception);
    }
}
