using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>A range that is being fetched: once, or twice when the first time is slow. It is there as soon as one of them is.</summary>
/// <param name="range">Which one.</param>
/// <param name="time">The clock.</param>
/// <param name="cancellationToken">Ends the fetching.</param>
internal sealed class FetchedRange(ByteRange range, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<Task> _copies = [];
    private readonly SemaphoreSlim _writing = new(1);
    private long _written = range.First;
    private int _running;
    private bool _isOver;
    private long _received;
    private long? _waitBegan;
    private TimeSpan _waited;
    private TimeSpan? _firstBytes;
    private long _firstCount;
    private bool _opens;

    public ByteRange Range => range;

    /// <summary>How many bytes the first copy has brought.</summary>
    public long Received
    {
        get
        {
            lock (_lock)
            {
                return _received;
            }
        }
    }

    /// <summary>How long the first copy has waited for the store so far.</summary>
    public TimeSpan Waited
    {
        get
        {
            lock (_lock)
            {
                return _waited + (_waitBegan is { } began ? time.GetElapsedTime(began) : TimeSpan.Zero);
            }
        }
    }

    /// <summary>Whether it is fetched twice.</summary>
    public bool IsHedged
    {
        get
        {
            lock (_lock)
            {
                return _copies.Count > 1;
            }
        }
    }

    /// <summary>Starts fetching it, or what is left of it.</summary>
    /// <param name="copy">Fetches, from an offset in the object on.</param>
    /// <returns>False if it is there already.</returns>
    public bool Start(Func<long, CancellationToken, Task> copy)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return false;
            }

            _running++;
            _copies.Add(FollowAsync(copy, Volatile.Read(ref _written)));
            return true;
        }
    }

    /// <summary>Waits until all its bytes are there, and nobody brings any more.</summary>
    public async Task WaitAsync()
    {
        try
        {
            await _done.Task;
        }
        finally
        {
            lock (_lock)
            {
                _isOver = true;
            }

            await _ending.CancelAsync();
            await Task.WhenAll(_copies);
        }
    }

    /// <summary>Says that the first copy asks the store for it; else it comes over a connection that goes on.</summary>
    public void Opens() => _opens = true;

    /// <summary>Says that the first copy waits for the store.</summary>
    public void BeginWait()
    {
        lock (_lock)
        {
            _waitBegan = time.GetTimestamp();
        }
    }

    /// <summary>Says that the first copy waits no more, and how many bytes came.</summary>
    public void EndWait(int bytes)
    {
        lock (_lock)
        {
            _waited += _waitBegan is { } began ? time.GetElapsedTime(began) : TimeSpan.Zero;
            _waitBegan = null;
            if (_opens && _received == 0 && bytes > 0)
            {
                (_firstBytes, _firstCount) = (_waited, bytes);
            }

            _received += bytes;
        }
    }

    /// <summary>
    /// Hands on what no other copy has handed on before: whoever has looked at bytes, such as to hash them, can rely on them.
    /// </summary>
    /// <param name="offset">Where the bytes lie in the object; none between them and those before are missing.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="write">Takes them.</param>
    /// <param name="cancellationToken">Ends the wait for another copy.</param>
    public async Task WriteAsync(
        long offset, ReadOnlyMemory<byte> bytes, Func<long, ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (offset + bytes.Length > _written)
            {
                await write(_written, bytes[(int)(_written - offset)..], cancellationToken);
                Volatile.Write(ref _written, offset + bytes.Length);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Tells how fast it was, if the first copy brought all of it.</summary>
    public void CountIn(ReadPace pace)
    {
        lock (_lock)
        {
            if (_received == range.Length)
            {
                pace.Count(_firstBytes?.TotalSeconds, _received - _firstCount, (_waited - (_firstBytes ?? TimeSpan.Zero)).TotalSeconds);
            }
        }
    }

    public void Dispose()
    {
        _ending.Dispose();
        _writing.Dispose();
    }

    // Never throws: what one copy fails with counts only if there is no other.
    private async Task FollowAsync(Func<long, CancellationToken, Task> copy, long from)
    {
        await Task.Yield();
        try
        {
            await copy(from, _ending.Token);
            _done.TrySetResult();
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                if (_running > 1)
                {
                    _running--;
                    return;
                }

                _isOver = true;
            }

            _done.TrySetException(e);
        }
    }
}
