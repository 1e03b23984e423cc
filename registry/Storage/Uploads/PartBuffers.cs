using System.Collections.Concurrent;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>
/// The buffers in which uploads gather their parts. There are only so many: an upload that finds none waits, and its client with it,
/// so that memory stays bounded however many push at once.
/// </summary>
/// <param name="size">The size of a buffer in bytes: one part.</param>
/// <param name="count">How many may be in use at once.</param>
/// <param name="maximumResting">What uploads may keep of their own while their clients are away, in bytes; null for as much as the buffers.</param>
/// <param name="time">Says how slow a client is; null for the system's clock.</param>
internal sealed class PartBuffers(int size, int count, long? maximumResting = null, TimeProvider? time = null) : IDisposable
{
    /// <summary>The part of a buffer that is small enough to be had without one.</summary>
    private const int SmallFraction = 128;

    /// <summary>How long a client may send nothing while others wait; one that is fast pauses for as long as the processor is busy with others.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may fill a buffer while others wait; after that, any pause is too long.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly SemaphoreSlim _free = new(count);
    private readonly ConcurrentBag<byte[]> _kept = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>The size of a buffer in bytes.</summary>
    public int Size => size;

    /// <summary>Content of up to this size in bytes needs no buffer. All uploads that may be open have less of it than one buffer.</summary>
    public int Small => size / SmallFraction;

    /// <summary>How many buffers are in use.</summary>
    public int InUse => count - _free.CurrentCount;

    /// <summary>What uploads may keep of their own while their clients are away, in bytes.</summary>
    public long MaximumResting => maximumResting ?? (long)size * count;

    /// <summary>Ends when somebody waits for a buffer.</summary>
    private Task Wanted
    {
        get
        {
            lock (_lock)
            {
                return _wanted.Task;
            }
        }
    }

    /// <summary>Takes a buffer; waits while none is free. Those who wait get one in the order in which they came.</summary>
    public async Task<byte[]> RentAsync(CancellationToken cancellationToken)
    {
        Task turn = _free.WaitAsync(cancellationToken);
        if (!turn.IsCompleted)
        {
            Count(1);
            try
            {
                await turn;
            }
            finally
            {
                Count(-1);
            }
        }

        await turn;
        return _kept.TryTake(out byte[]? buffer) ? buffer : GC.AllocateUninitializedArray<byte>(size);
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(byte[] buffer)
    {
        _kept.Add(buffer);
        _free.Release();
    }

    /// <summary>
    /// Waits for a client's next bytes, or until others wait for the buffer that it fills and it is too slow to keep that from them.
    /// </summary>
    /// <param name="reading">Ends with the client's next bytes.</param>
    /// <param name="since">When the buffer was rented (<see cref="TimeProvider.GetTimestamp"/>).</param>
    /// <returns>Whether it is to give the buffer back.</returns>
    public async Task<bool> IsWantedAsync(Task reading, long since)
    {
        await Task.WhenAny(reading, Wanted);
        if (!reading.IsCompleted && _time.GetElapsedTime(since) < Turn)
        {
            await reading.WaitAsync(Pause, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !reading.IsCompleted;
    }

    /// <summary>The time now, for <see cref="IsWantedAsync"/>.</summary>
    public long Now() => _time.GetTimestamp();

    /// <summary>Lets go of the buffers that were kept, if no upload needs any now.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Trim()
    {
        if (InUse > 0 || _kept.IsEmpty)
        {
            return false;
        }

        _kept.Clear();
        return true;
    }

    public void Dispose() => _free.Dispose();

    private void Count(int waiting)
    {
        lock (_lock)
        {
            _waiting += waiting;
            if (_waiting > 0)
            {
                _wanted.TrySetResult();
            }
            else
            {
                _wanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
