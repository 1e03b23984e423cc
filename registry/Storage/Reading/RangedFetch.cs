using System.Buffers;
using System.Runtime.ExceptionServices;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>One run of a <see cref="RangeFetcher"/>: a worker that stays until the sink wants no more, and others beside it while they help.</summary>
internal sealed class RangedFetch(
    IObjectStore store,
    string key,
    IRangeSink sink,
    AdaptiveWidth width,
    ReadPace pace,
    HedgeBudget hedges,
    ConnectionBudget connections,
    TimeProvider time,
    CancellationToken cancellationToken) : IDisposable
{
    /// <summary>How many bytes are handed on at once.</summary>
    public const int PieceSize = 128 * 1024;

    /// <summary>How many times as long as is usual a range may be waited for.</summary>
    private const int Patience = 4;

    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly SemaphoreSlim _asking = new(1);
    private readonly Lock _lock = new();
    private readonly List<Task> _workers = [];
    private readonly List<FetchedRange> _ranges = [];
    private int _running;
    private bool _isOver;
    private Exception? _failure;

    /// <summary>Fetches until the sink wants no more; the first failure ends it.</summary>
    /// <param name="begun">An answer that brings all of the object; null if there is none. Owned.</param>
    public async Task RunAsync(ObjectContent? begun)
    {
        var first = new RangeConnection();
        if (begun is not null)
        {
            await first.TakeAsync(begun, new ByteRange(0, begun.Size - 1));
        }

        await using (time.CreateTimer(_ => Look(), null, AdaptiveWidth.Step, AdaptiveWidth.Step))
        {
            Start(first, isSpare: false);
            Widen();
            while (Workers() is { Length: > 0 } workers)
            {
                await Task.WhenAll(workers);
            }
        }

        if (_failure is { } failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose()
    {
        _ending.Dispose();
        _asking.Dispose();
    }

    // Those that are at work. The first of them stays to the end, so without any all is over.
    private Task[] Workers()
    {
        lock (_lock)
        {
            _workers.RemoveAll(w => w.IsCompleted);
            _isOver |= _workers.Count == 0;
            return [.. _workers];
        }
    }

    private void Look()
    {
        width.Next();
        Widen();
        Hedge();
    }

    private void Widen()
    {
        while (Volatile.Read(ref _running) < width.Width && connections.TryTake())
        {
            if (!Start(new RangeConnection(), isSpare: true))
            {
                connections.Return();
                return;
            }
        }
    }

    private bool Start(RangeConnection connection, bool isSpare)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return false;
            }

            Interlocked.Increment(ref _running);
            _workers.Add(WorkAsync(connection, isSpare));
            return true;
        }
    }

    private async Task WorkAsync(RangeConnection begun, bool isSpare)
    {
        await Task.Yield();
        await using RangeConnection connection = begun;
        try
        {
            while (!(isSpare && Volatile.Read(ref _running) > width.Width) && await NextAsync(isSpare) is { } range)
            {
                await FetchAsync(range, connection, isOpenEnded: !isSpare && width.Width == 1);
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
            Finish();
            await _ending.CancelAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            if (isSpare)
            {
                connections.Return();
            }
        }
    }

    // One asks at a time. Who is a spare does not stand in line for long: if the sink has no room, fewer will do.
    private async Task<ByteRange?> NextAsync(bool isSpare)
    {
        if (!await _asking.WaitAsync(isSpare ? AdaptiveWidth.Step : Timeout.InfiniteTimeSpan, _ending.Token))
        {
            return null;
        }

        try
        {
            ByteRange? range = await sink.NextAsync(_ending.Token);
            if (range is null)
            {
                Finish();
            }

            return range;
        }
        finally
        {
            _asking.Release();
        }
    }

    private void Finish()
    {
        lock (_lock)
        {
            _isOver = true;
        }
    }

    private async Task FetchAsync(ByteRange range, RangeConnection connection, bool isOpenEnded)
    {
        hedges.Pay();
        using var fetched = new FetchedRange(range, time, _ending.Token);
        lock (_lock)
        {
            _ranges.Add(fetched);
        }

        try
        {
            fetched.Start((_, token) => CopyAsync(range, connection, isOpenEnded, fetched, isFirst: true, token));
            await fetched.WaitAsync();
        }
        finally
        {
            lock (_lock)
            {
                _ranges.Remove(fetched);
            }
        }

        fetched.CountIn(pace);
        sink.Complete(range);
    }

    // A range that takes much longer than others do is asked for a second time, from where it is. The first that brings it whole wins.
    private void Hedge()
    {
        lock (_lock)
        {
            foreach (FetchedRange slow in _ranges.Where(IsSlow))
            {
                if (!hedges.TryBegin())
                {
                    return;
                }

                if (!slow.Start((from, token) => CopyAgainAsync(from, slow, token)))
                {
                    hedges.End();
                }
            }
        }
    }

    private bool IsSlow(FetchedRange range) =>
        !range.IsHedged && range.Received < range.Range.Length && pace.Usual(range.Received + PieceSize) is { } usual && range.Waited > LeastPatience && range.Waited > usual * Patience;

    private async Task CopyAgainAsync(long from, FetchedRange slow, CancellationToken token)
    {
        await using var connection = new RangeConnection();
        try
        {
            await CopyAsync(new ByteRange(from, slow.Range.Last), connection, isOpenEnded: false, slow, isFirst: false, token);
        }
        finally
        {
            hedges.End();
        }
    }

    private async Task CopyAsync(ByteRange range, RangeConnection connection, bool isOpenEnded, FetchedRange fetched, bool isFirst, CancellationToken token)
    {
        FetchedRange? progress = isFirst ? fetched : null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            if (!connection.BringsNext(range))
            {
                await OpenAsync(range, connection, isOpenEnded, progress, token);
            }

            for (long offset = range.First; offset <= range.Last;)
            {
                Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(PieceSize, range.Last - offset + 1));
                await ReadAsync(connection, piece, progress, token);
                await fetched.WriteAsync(offset, piece, sink.WriteAsync, token);
                offset += piece.Length;
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Where nothing is fetched beside it, all that follows is asked for with it: what another takes meanwhile is left unread.
    private async Task OpenAsync(ByteRange range, RangeConnection connection, bool isOpenEnded, FetchedRange? progress, CancellationToken token)
    {
        progress?.Opens();
        BeginWait(progress);
        try
        {
            ObjectContent content = await store.OpenAsync(key, range.First, isOpenEnded ? null : range.Length, token)
                ?? throw new StoreException(StoreFailure.Missing, $"{key} is not there any more", new FileNotFoundException(key));
            await connection.TakeAsync(content, isOpenEnded ? new ByteRange(range.First, content.Size - 1) : range);
        }
        finally
        {
            EndWait(progress, 0);
        }
    }

    private async Task ReadAsync(RangeConnection connection, Memory<byte> piece, FetchedRange? progress, CancellationToken token)
    {
        int came = 0;
        BeginWait(progress);
        try
        {
            await connection.ReadAsync(piece, key, token);
            came = piece.Length;
        }
        finally
        {
            EndWait(progress, came);
        }
    }

    private void BeginWait(FetchedRange? progress)
    {
        width.BeginWait();
        progress?.BeginWait();
    }

    private void EndWait(FetchedRange? progress, int bytes)
    {
        progress?.EndWait(bytes);
        width.EndWait(bytes);
    }
}
