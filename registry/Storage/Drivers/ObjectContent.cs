namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>An open object.</summary>
/// <param name="size">The whole object's size in bytes, whatever range was opened.</param>
/// <param name="stream">The bytes that were asked for.</param>
internal sealed class ObjectContent(long size, Stream stream) : IAsyncDisposable
{
    public long Size => size;

    public Stream Stream => stream;

    /// <summary>Reads all of it into memory.</summary>
    /// <param name="key">What it is called in failures.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StoreException">The store stopped on the way.</exception>
    public async Task<byte[]> ReadAllAsync(string key, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[size];
        await ReadAsync(bytes, key, cancellationToken);
        return bytes;
    }

    /// <summary>Reads as many of its bytes as there is room for.</summary>
    /// <inheritdoc cref="ReadAllAsync"/>
    public async Task ReadAsync(Memory<byte> destination, string key, CancellationToken cancellationToken)
    {
        try
        {
            await stream.ReadExactlyAsync(destination, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new StoreException(StoreFailure.Unavailable, $"the store cut the reading of {key}", e);
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
