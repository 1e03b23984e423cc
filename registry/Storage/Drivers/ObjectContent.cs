namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>An open object.</summary>
/// <param name="size">The whole object's size in bytes, whatever range was opened.</param>
/// <param name="stream">The bytes that were asked for.</param>
/// <param name="owner">What the bytes come through, if disposing the stream is not enough to give it back.</param>
internal sealed class ObjectContent(long size, Stream stream, IDisposable? owner = null) : IAsyncDisposable
{
    public long Size => size;

    public Stream Stream => stream;

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        owner?.Dispose();
    }
}
