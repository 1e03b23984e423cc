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
    ConnectionBudget spare,
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
    public async Task RunAsync()
    {
        await using (time.CreateTimer(_ => Look(), null, AdaptiveWidth.Step, AdaptiveWidth.Step))
        {
            Start(isSpare: false);
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
        while (Volatile.Read(ref _running) < width.Width && spare.TryTake())
        {
            if (!Start(isSpare: true))
            {
                spare.Return();
                return;
            }
        }
    }

    private bool Start(bool isSpare)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return false;
            }

            Interlocked.Increment(ref _running);
            _workers.Add(WorkAsync(isSpare));
            return true;
        }
    }

    private async Task WorkAsync(bool isSpare)
    {
        await Task.Yield();
        try
        {
            while (!(isSpare && Volatile.Read(ref _running) > width.Width) && await NextAsync(isSpare) is { } range)
            {
                await FetchAsync(range);
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
                spare.Return();
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
            ByteRange? range = await sink.NextAsync(isAlone: width.Width == 1, _ending.Token);
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

    private async Task FetchAsync(ByteRange range)
    {
        hedges.Pay();
        using var fetched = new FetchedRange(range, time, _ending.Token);
        lock (_lock)
        {
            _ranges.Add(fetched);
        }

        try
        {
            fetched.Start((from, token) => CopyAsync(from, range.Last, fetched, token));
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

                if (!slow.Start((from, token) => CopyAgainAsync(from, slow.Range.Last, token)))
                {
                    hedges.End();
                }
            }
        }
    }

    private bool IsSlow(FetchedRange range) =>
        !range.IsHedged && range.Received < range.Range.Length && pace.Usual(range.Received + PieceSize) is { } usual && range.Waited > LeastPatience && range.Waited > usual * Patience;

    private async Task CopyAgainAsync(long from, long last, CancellationToken token)
    {
        try
        {
            await CopyAsync(from, last, null, token);
        }
        finally
        {
            hedges.End();
        }
    }

    private async Task CopyAsync(long offset, long last, FetchedRange? progress, CancellationToken token)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            await using ObjectContent content = await OpenAsync(offset, last - offset + 1, progress, token);
            while (offset <= last)
            {
                Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(PieceSize, last - offset + 1));
                await ReadAsync(content, piece, progress, token);
                await sink.WriteAsync(offset, piece, token);
                offset += piece.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<ObjectContent> OpenAsync(long offset, long length, FetchedRange? progress, CancellationToken token)
    {
        BeginWait(progress);
        try
        {
            return await store.OpenAsync(key, offset, length, token)
                ?? throw new StoreException(StoreFailure.Missing, $"{key} is not there any more", new FileNotFoundException(key));
        }
        finally
        {
            EndWait(progress, 0);
        }
    }

    private async Task ReadAsync(ObjectContent content, Memory<byte> piece, FetchedRange? progress, CancellationToken token)
    {
        int came = 0;
        BeginWait(progress);
        try
        {
            await content.ReadAsync(piece, key, token);
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
