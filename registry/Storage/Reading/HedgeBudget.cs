namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>Bounds how much is fetched twice: one range of twenty, and two at once.</summary>
internal sealed class HedgeBudget
{
    /// <summary>How many ranges pay for one that is fetched twice.</summary>
    public const int Price = 20;

    /// <summary>How many may be fetched twice at once.</summary>
    public const int MaximumAtOnce = 2;

    private readonly Lock _lock = new();
    private int _paid;
    private int _running;

    /// <summary>Counts a range that is fetched.</summary>
    public void Pay()
    {
        lock (_lock)
        {
            // What was not needed yesterday does not make today's failing store worse.
            _paid = Math.Min(_paid + 1, MaximumAtOnce * Price);
        }
    }

    /// <summary>Takes the right to fetch one range twice, until <see cref="End"/>.</summary>
    public bool TryBegin()
    {
        lock (_lock)
        {
            if (_paid < Price || _running == MaximumAtOnce)
            {
                return false;
            }

            _paid -= Price;
            _running++;
            return true;
        }
    }

    /// <summary>Says that the second fetch is over.</summary>
    public void End()
    {
        lock (_lock)
        {
            _running--;
        }
    }
}
