using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Cache;

/// <summary>
/// Bytes from the node's disk. If it fails before any was read, they come from the store instead; later, the reading fails, for whoever has the
/// first ones cannot be told to begin again.
/// </summary>
/// <param name="disk">The bytes on disk; disposed with this, as is what the store gives.</param>
/// <param name="reopen">Opens the same bytes in the store, of which the last is withheld if they do not have their digest.</param>
/// <param name="failed">Is told of a failure of the disk.</param>
internal sealed class FailoverStream(Stream disk, Func<CancellationToken, Task<Stream>> reopen, Action<Exception> failed) : ForwardStream
{
    private Stream _current = disk;
    private bool _hasBegun;

    /// <exception cref="StoreException">The store failed, or the disk in the middle.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            int read = await _current.ReadAsync(buffer, cancellationToken);
            _hasBegun |= read > 0;
            return read;
        }
        catch (DiskFailureException e)
        {
            failed(e);
            if (_hasBegun)
            {
                throw new StoreException(StoreFailure.Unavailable, $"the node's cache failed in the middle of an object: {e.Message}", e);
            }
        }

        Stream again = await reopen(cancellationToken);
        await _current.DisposeAsync();
        _current = again;
        return await _current.ReadAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current.Dispose();
        }

        base.Dispose(disposing);
    }
}
