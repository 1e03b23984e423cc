using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Cache;

/// <summary>A range of a file that is still being filled. It holds no bytes: each read waits until the file has some, and reads them there.</summary>
/// <param name="file">The file, which stays open for as long as this is read.</param>
/// <param name="range">What to read.</param>
/// <param name="proves">Whether it may have bytes that are not proven yet.</param>
internal sealed class GrowingFileReader(GrowingFile file, ByteRange range, bool proves) : ForwardStream
{
    private TaskCompletionSource? _arrival;
    private long _position = range.First;

    public long Offset => Volatile.Read(ref _position);

    /// <summary>The offset behind the last byte of the range.</summary>
    public long End => range.Last + 1;

    public bool Proves => proves;

    /// <summary>Whether somebody waits for bytes; asked by the file alone, as are <see cref="Wait"/> and <see cref="Wake"/>.</summary>
    public bool IsWaiting => _arrival is not null;

    public Task Wait() => (_arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Wake()
    {
        _arrival?.TrySetResult();
        _arrival = null;
    }

    /// <exception cref="StoreException">The store failed before it had given these bytes.</exception>
    /// <exception cref="Storage.CorruptContentException">The bytes do not have the right digest.</exception>
    /// <exception cref="DiskFailureException">The disk failed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int most = (int)Math.Min(buffer.Length, End - _position);
        if (most == 0)
        {
            return 0;
        }

        while (true)
        {
            (int count, Task? arrival) = file.Ask(this, most);
            if (arrival is not null)
            {
                await arrival.WaitAsync(cancellationToken);
                continue;
            }

            int read = ReadFile(buffer.Span[..count]);
            Volatile.Write(ref _position, _position + read);
            return read;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.End(this);
        }

        base.Dispose(disposing);
    }

    // They were just written, so they are in memory, and a thread is not kept from anything else for long.
    private int ReadFile(Span<byte> buffer)
    {
        try
        {
            return RandomAccess.Read(file.Handle, buffer, _position) is > 0 and var read ? read : throw new EndOfStreamException("the file was cut");
        }
        catch (Exception e) when (CacheFolder.IsDiskFailure(e))
        {
            throw new DiskFailureException($"{file.Path} cannot be read: {e.Message}", e);
        }
    }
}
