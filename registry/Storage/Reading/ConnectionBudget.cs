namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>Bounds the connections that reads have beyond the one that each of them has anyway.</summary>
internal sealed class ConnectionBudget
{
    /// <summary>How many there may be at once.</summary>
    public const int Count = 24;

    private int _left = Count;

    /// <summary>Takes the right to one more connection, until <see cref="Return"/>.</summary>
    public bool TryTake()
    {
        if (Interlocked.Decrement(ref _left) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _left);
        return false;
    }

    /// <summary>Gives it back.</summary>
    public void Return() => Interlocked.Increment(ref _left);
}
