using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>
/// What the connections over which one object is read have in common. Bytes are read ahead no further than buffers would reach if all before them were
/// there: those far ahead never take the room of those that are wanted soon.
/// </summary>
/// <param name="open">Opens a range of the object.</param>
/// <param name="buffers">Where bytes that are not wanted yet are kept.</param>
/// <param name="width">How many connections there should be.</param>
internal sealed class Window(Func<ByteRange, CancellationToken, Task<Stream>> open, WindowBuffers buffers, AdaptiveWidth width)
{
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _held;
    private long _begin;

    /// <summary>Ends when there may be room where there was none.</summary>
    public Task Moved => Volatile.Read(ref _moved).Task;

    /// <summary>Says that bytes before an offset need no buffers any more.</summary>
    public void MoveTo(long begin)
    {
        Volatile.Write(ref _begin, begin);
        Wake();
    }

    /// <summary>Has those look again who wait for <see cref="Moved"/>.</summary>
    public void Wake() => Interlocked.Exchange(ref _moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

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

    /// <summary>Takes a buffer for the bytes at an offset; null if there is none to be had for them.</summary>
    public byte[]? TryRent(long offset)
    {
        int held = Volatile.Read(ref _held);
        byte[]? buffer = (offset - Volatile.Read(ref _begin)) / buffers.Size < buffers.Reach(held) ? buffers.TryRent(held) : null;
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
        Wake();
    }
}
