using LocalRegistry.Registry.Storage.Drivers;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Cache;

/// <summary>Bytes of a file that is whole.</summary>
/// <param name="file">The file; owned.</param>
/// <param name="path">What it is called in failures.</param>
/// <param name="first">The offset of the first byte.</param>
/// <param name="length">How many there are to read.</param>
internal sealed class CachedFileStream(SafeFileHandle file, string path, long first, long length) : ForwardStream
{
    private long _read;

    /// <exception cref="DiskFailureException">The disk does not give them.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int most = (int)Math.Min(buffer.Length, length - _read);
        if (most == 0)
        {
            return ValueTask.FromResult(0);
        }

        try
        {
            int read = RandomAccess.Read(file, buffer.Span[..most], first + _read);
            _read += read;
            return ValueTask.FromResult(read > 0 ? read : throw new EndOfStreamException("it is shorter than it was"));
        }
        catch (Exception e) when (CacheFolder.IsDiskFailure(e))
        {
            throw new DiskFailureException($"{path} cannot be read: {e.Message}", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
