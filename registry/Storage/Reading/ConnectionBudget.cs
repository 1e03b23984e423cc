namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>Bounds the connections over which objects are read: where many are read at once, none needs more than its own.</summary>
/// <param name="count">How many there are at most, unless there are more objects.</param>
internal sealed class ConnectionBudget(int count)
{
    private int _left = count;

    /// <summary>Takes the connection that a read has anyway, until <see cref="Return"/>.</summary>
    public void Take() => Interlocked.Decrement(ref _left);

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
