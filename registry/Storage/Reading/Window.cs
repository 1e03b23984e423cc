using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>What the connections over which one object is read have in common.</summary>
/// <param name="open">Opens a range of the object.</param>
/// <param name="buffers">Where bytes that are not wanted yet are kept.</param>
/// <param name="width">How many connections there should be.</param>
internal sealed class Window(Func<ByteRange, CancellationToken, Task<Stream>> open, WindowBuffers buffers, AdaptiveWidth width)
{
    private int _held;

    /// <summary>How many buffers it holds.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Opens a range.</summary>
    public async Task<Stream> OpenAsync(ByteRange range, CancellationToken cancellationToken)
    {
        width.BeginWait();
        try
        {
            return await open(range, cancellationToken);
        }
        finally
        {
            width.EndWait(0);
        }
    }

    /// <summary>Reads some of an opened range.</summary>
    /// <returns>How many bytes; never 0.</returns>
    /// <exception cref="EndOfStreamException">There are none any more.</exception>
    public async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read = 0;
        width.BeginWait();
        try
        {
            read = await stream.ReadAsync(buffer, cancellationToken);
        }
        finally
        {
            width.EndWait(read);
        }

        return read > 0 ? read : throw new EndOfStreamException("the object is shorter than was promised");
    }

    /// <summary>Takes a buffer; null if there is none to be had.</summary>
    public byte[]? TryRent()
    {
        byte[]? buffer = buffers.TryRent(Held);
        if (buffer is not null)
        {
            Interlocked.Increment(ref _held);
        }

        return buffer;
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(byte[] buffer)
    {
        Interlocked.Decrement(ref _held);
        buffers.Return(buffer);
    }
}
