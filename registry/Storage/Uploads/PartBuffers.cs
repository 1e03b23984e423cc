using System.Collections.Concurrent;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>
/// The buffers in which uploads gather their parts. There are only so many: an upload that finds none waits, and its client with it,
/// so that memory stays bounded however many push at once.
/// </summary>
/// <param name="size">The size of a buffer in bytes: one part.</param>
/// <param name="count">How many may be in use at once.</param>
internal sealed class PartBuffers(int size, int count) : IDisposable
{
    /// <summary>Buffers kept for the next upload; the rest is the garbage collector's.</summary>
    private const int Kept = 2;

    private readonly SemaphoreSlim _free = new(count);
    private readonly ConcurrentBag<byte[]> _kept = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>The size of a buffer in bytes.</summary>
    public int Size => size;

    /// <summary>The size of all buffers in bytes.</summary>
    public long Total => (long)size * count;

    /// <summary>Ends when somebody waits for a buffer: who holds one and has no use for it just now gives it back then.</summary>
    public Task Wanted
    {
        get
        {
            lock (_lock)
            {
                return _wanted.Task;
            }
        }
    }

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

    public void Return(byte[] buffer)
    {
        if (_kept.Count < Kept)
        {
            _kept.Add(buffer);
        }

        _free.Release();
    }

    /// <summary>Lets go of the buffers that were kept, if no upload needs any now.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Trim()
    {
        if (_free.CurrentCount < count || _kept.IsEmpty)
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
