namespace LocalRegistry.Registry.Storage.Uploads;

internal sealed partial class UploadStore
{
    [LoggerMessage(1, LogLevel.Warning, "what upload {Id} of {Repository} had written could not be taken back")]
    private partial void LogNotTakenBack(Exception exception, string id, string repository);
}
