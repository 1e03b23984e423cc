namespace LocalRegistry.Operator.Runtime;

/// <summary>Delays that double from a first one up to a last one.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan last)
{
    private int _failures;

    /// <summary>The delay before the next try.</summary>
    public TimeSpan Next() => After(++_failures, first, last);

    /// <summary>Begins again with the first delay.</summary>
    public void Reset() => _failures = 0;

    /// <summary>The delay after so many failures in a row, counted from 1.</summary>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan last)
    {
        double factor = Math.Pow(2, Math.Clamp(failures - 1, 0, 40));
        return first.Ticks * factor < last.Ticks ? first * factor : last;
    }
}
