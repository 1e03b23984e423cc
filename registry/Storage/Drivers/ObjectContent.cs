using LocalRegistry.Registry.Oci;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>An open object.</summary>
/// <param name="size">The whole object's size in bytes, whatever range was opened.</param>
/// <param name="stream">The bytes that were asked for.</param>
internal sealed class ObjectContent(long size, Stream stream) : IAsyncDisposable
{
    public long Size => size;

    public Stream Stream => stream;

    /// <summary>
    /// The file that the bytes lie in, if they lie in one, whole and with the digest that they are named by: then they need not be looked at, and the
    /// kernel can send them. Open until this is disposed.
    /// </summary>
    public SafeFileHandle? File { get; init; }

    /// <summary>The offset in <see cref="File"/> of the first byte that was asked for.</summary>
    public long FileOffset { get; init; }

    /// <summary>Is to be told if <see cref="File"/> cannot be read to its end; null if nobody wants to know.</summary>
    public Action<Exception>? FileFailed { get; init; }

    /// <summary>Opens a range of the very same object over another connection; null if nobody gains by several.</summary>
    public Func<ByteRange, CancellationToken, Task<Stream>>? OpenRange { get; init; }

    /// <summary>Whether somebody else sees to it that nobody gets the last of bytes that do not have their digest.</summary>
    public bool IsVerified { get; init; }

    /// <summary>Whether the store could not be asked, so that this is what it held when it was asked last.</summary>
    public bool IsStale { get; set; }

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
