namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>An open object.</summary>
/// <param name="size">The whole object's size in bytes, whatever range was opened.</param>
/// <param name="stream">The bytes that were asked for.</param>
internal sealed class ObjectContent(long size, Stream stream) : IAsyncDisposable
{
    public long Size => size;

    public Stream Stream => stream;

    /// <summary>Reads all of it into memory.</summary>
    /// <exception cref="StoreException">The store stopped on the way.</exception>
    public async Task<byte[]> ReadAllAsync(CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[size];
        try
        {
            await stream.ReadExactlyAsync(bytes, cancellationToken);
        }
        catch (IOException e)
        {
            throw new StoreException(StoreFailure.Unavailable, "the store stopped in the middle of an object", e);
        }

        return bytes;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
