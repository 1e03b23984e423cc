using System.Collections.Concurrent;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>
/// The buffers in which objects are read ahead, and the connections over which that is done, for the whole process. Nobody waits for one: who gets none
/// reads on without. And nobody may hold more than twice as many buffers as are left, so that a client that takes its time leaves some for those who come
/// later.
/// </summary>
internal sealed class WindowBuffers
{
    private readonly ConcurrentBag<byte[]> _kept = [];
    private readonly int _limit;
    private int _left;

    /// <param name="size">The size of a buffer in bytes.</param>
    /// <param name="limit">How many may be in use at once.</param>
    public WindowBuffers(int size, int limit) => (Size, _limit, _left) = (size, limit, limit);

    /// <summary>The process's own: 20 MiB.</summary>
    public static WindowBuffers Shared { get; } = new(256 * 1024, 80);

    /// <summary>The size of a buffer in bytes.</summary>
    public int Size { get; }

    /// <summary>The connections. Together they bring what buffers have room for, and all that most nodes' networks carry.</summary>
    public ConnectionBudget Connections { get; } = new(16);

    /// <summary>How many are not in use.</summary>
    public int Left => Volatile.Read(ref _left);

    /// <summary>How many somebody could hold now at most.</summary>
    /// <param name="held">How many he has already.</param>
    public int Reach(int held) => held + Math.Max(0, ((2 * Left) - held + 2) / 3);

    /// <summary>Takes a buffer; null if there is none to be had.</summary>
    /// <param name="held">How many the caller has already.</param>
    public byte[]? TryRent(int held)
    {
        int left = Interlocked.Decrement(ref _left);
        if (left < 0 || held > 2 * left)
        {
            Interlocked.Increment(ref _left);
            return null;
        }

        return _kept.TryTake(out byte[]? buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Size);
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(byte[] buffer)
    {
        _kept.Add(buffer);
        Interlocked.Increment(ref _left);
    }

    /// <summary>Lets go of the memory of those that are not in use, if none is.</summary>
    /// <returns>Whether there was any.</returns>
    public bool Trim()
    {
        if (Left < _limit || _kept.IsEmpty)
        {
            return false;
        }

        _kept.Clear();
        return true;
    }
}
