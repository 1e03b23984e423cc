using System.Buffers;
using System.Runtime.ExceptionServices;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>
/// Takes a blob's bytes as they come and writes them to the store in parts, several at once. What fits into the first part is held back
/// and written in one call at the end; what is small (<see cref="PartBuffers.Small"/>) takes no buffer from those who need a whole one.
/// </summary>
/// <param name="store">Where to write.</param>
/// <param name="buffers">Where parts are gathered.</param>
/// <param name="key">The key for content that comes in more than one part.</param>
/// <param name="before">The parts that were written before, by another writer; null for none.</param>
/// <param name="tail">What came after those; null for nothing.</param>
internal sealed class ContentWriter(IObjectStore store, PartBuffers buffers, string key, PartsSoFar? before = null, UploadTail? tail = null) : IAsyncDisposable
{
    private readonly List<Task> _writes = [];
    private Task<IPartWriter>? _beginning = before is null ? null : Task.FromResult(store.Resume(key, before));
    private int _sent;
    private UploadTail? _unread = tail is { Length: > 0 } ? tail : null;
    private byte[]? _buffer;
    private bool _isPooled;
    private int _filled;
    private long _rented;
    private Exception? _failure;

    /// <summary>The key for content that comes in more than one part.</summary>
    public string Key => key;

    /// <summary>Whether everything so far is still in memory.</summary>
    public bool IsInMemory => _beginning is null;

    /// <summary>Whether a buffer is in use that others may be waiting for.</summary>
    public bool HoldsBuffer => _isPooled;

    /// <summary>What another writer needs to go on after the parts; null if there are none.</summary>
    public PartsSoFar? Progress => Parts?.Progress;

    /// <summary>Whether disposing leaves the parts that were written for another writer; true at first if another has begun them.</summary>
    public bool LeavesParts { get; set; } = before is not null;

    /// <summary>What is in memory and has not been sent.</summary>
    public ReadOnlyMemory<byte> Held => _buffer.AsMemory(0, _filled);

    /// <summary>Bytes that are kept in memory while the client is away.</summary>
    public int Resting => _isPooled ? 0 : _filled;

    /// <summary>Waits for a client's next bytes, or until it is to give its buffer back to others (<see cref="Rest"/>).</summary>
    /// <returns>Whether it is to.</returns>
    public Task<bool> IsWantedAsync(Task reading) => buffers.IsWantedAsync(reading, _rented);

    /// <summary>Takes as many bytes as the part has room for; waits while no buffer is free, as when the store is behind.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="left">How many come with them in this request; null if the client has not told.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>
    /// How many were taken, which are the last of <see cref="Held"/>; 0 if there are as many parts as there may be. If the waiting is ended or
    /// fails, none were.
    /// </returns>
    public async Task<int> TakeAsync(ReadOnlySequence<byte> content, long? left, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        int partSize = PartSize(left);
        if (_filled >= partSize)
        {
            Send();
        }

        // What is taken goes into one more part.
        if (NextNumber > IPartWriter.MaximumParts)
        {
            return 0;
        }

        if (!_isPooled && _filled + Math.Max(left ?? 0, content.Length) <= buffers.Small && IsInMemory)
        {
            Grow(_filled + (int)Math.Max(left ?? 0, content.Length));
        }
        else if (!_isPooled)
        {
            await RentAsync(cancellationToken);
        }

        int count = (int)Math.Min(content.Length, Math.Min(partSize, _buffer!.Length) - _filled);
        content.Slice(0, count).CopyTo(_buffer.AsSpan(_filled));
        _filled += count;
        return count;
    }

    /// <summary>
    /// Gives the pooled buffer back while the client is away: a full part's worth is sent, less is kept in an array of its own size.
    /// </summary>
    public void Rest()
    {
        if (_buffer is null || !_isPooled)
        {
            return;
        }

        if (_filled >= Configuration.S3Driver.MinimumChunkSize)
        {
            Send();
            return;
        }

        byte[] rest = Held.ToArray();
        buffers.Return(_buffer);
        (_buffer, _isPooled) = (rest, false);
    }

    /// <summary>Brings what another writer has left beside the parts into memory, if that has not been done.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_unread is null)
        {
            return;
        }

        if (_unread.Length <= buffers.Small)
        {
            Grow(_unread.Length);
        }
        else
        {
            await RentAsync(cancellationToken);
        }

        await _unread.ReadAsync(_buffer.AsMemory(0, _unread.Length), cancellationToken);
        (_filled, _unread) = (_unread.Length, null);
    }

    /// <summary>Sends what makes a part and waits until all parts are written: what is left is <see cref="Held"/>.</summary>
    public async Task SettleAsync()
    {
        if (_filled >= Configuration.S3Driver.MinimumChunkSize)
        {
            Send();
        }

        await Task.WhenAll(_writes);
    }

    /// <summary>Sends what is left and makes the object visible under the writer's key.</summary>
    /// <returns>False if the key must be absent and is not.</returns>
    public async Task<bool> CompleteAsync(bool onlyIfAbsent, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        if (_filled > 0)
        {
            Send();
        }

        await Task.WhenAll(_writes);
        return await Parts!.CompleteAsync(onlyIfAbsent, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_writes).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Release();
        if (Parts is { } parts)
        {
            if (LeavesParts)
            {
                parts.Leave();
            }

            await parts.DisposeAsync();
        }
    }

    // Null before the first part is begun, and where that failed.
    private IPartWriter? Parts => _beginning is { IsCompletedSuccessfully: true } ? _beginning.Result : null;

    private int NextNumber => (Parts?.First ?? 1) + _sent;

    // Parts of one size, so that none is left over that is too small to be sent before the upload closes: it would have to rest in memory till then.
    private int PartSize(long? left)
    {
        long whole = _filled + (left ?? 0);
        return whole <= buffers.Size
            ? buffers.Size
            : (int)Math.Min(buffers.Size, Math.Max(Configuration.S3Driver.MinimumChunkSize, whole / ((whole + buffers.Size - 1) / buffers.Size)));
    }

    private void Grow(int size)
    {
        if (_buffer is null || _buffer.Length < size)
        {
            byte[] grown = GC.AllocateUninitializedArray<byte>(Math.Min(buffers.Small, Math.Max(size, 2 * _filled)));
            Held.CopyTo(grown);
            _buffer = grown;
        }
    }

    private async Task RentAsync(CancellationToken cancellationToken)
    {
        byte[] rented = await buffers.RentAsync(cancellationToken);
        _buffer?.AsSpan(0, _filled).CopyTo(rented);
        (_buffer, _isPooled, _rented) = (rented, true, buffers.Now());
    }

    private void Send()
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        (byte[] buffer, int filled, bool isPooled) = (_buffer!, _filled, _isPooled);
        (_buffer, _filled, _isPooled) = (null, 0, false);
        _writes.RemoveAll(w => w.IsCompletedSuccessfully);
        int number = NextNumber;
        _sent++;
        _beginning ??= store.BeginAsync(key, CancellationToken.None);

        // Elsewhere, so that the client's next bytes are taken meanwhile: what is signed is hashed first.
        _writes.Add(Task.Run(() => WriteAsync(number, buffer, filled, isPooled), CancellationToken.None));
    }

    // Not the request's token: a chunk that was acknowledged goes on being written after its request has ended.
    private async Task WriteAsync(int number, byte[] buffer, int filled, bool isPooled)
    {
        try
        {
            IPartWriter parts = await _beginning!;
            await parts.WriteAsync(number, buffer.AsMemory(0, filled), CancellationToken.None);
        }
        catch (StoreException e)
        {
            _failure = e;
            throw;
        }
        finally
        {
            if (isPooled)
            {
                buffers.Return(buffer);
            }
        }
    }

    private void Release()
    {
        if (_buffer is not null && _isPooled)
        {
            buffers.Return(_buffer);
        }

        (_buffer, _isPooled, _filled) = (null, false, 0);
    }
}
