namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>Bounds the connections that fetches have beyond the one that each of them has anyway.</summary>
/// <param name="count">How many there may be at once.</param>
internal sealed class ConnectionBudget(int count)
{
    private int _left = count;

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
