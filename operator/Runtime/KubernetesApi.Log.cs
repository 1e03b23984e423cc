namespace LocalRegistry.Operator.Runtime;

internal sealed partial class KubernetesApi
{
    private static partial class Log
    {
        [LoggerMessage(120, LogLevel.Error, "{Kind} {Name} cannot be read and is passed over; does its custom resource definition match this operator?")]
        public static partial void Unreadable(ILogger logger, string kind, string name, Exception exception);
    }
}
