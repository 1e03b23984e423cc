namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>How fast a store gives ranges: the medians of the last ones.</summary>
internal sealed class ReadPace
{
    private const int Remembered = 32;
    private const int Enough = 4;

    private readonly Lock _lock = new();
    private readonly Queue<(double? FirstBytes, double SecondsPerByte)> _last = new();
    private (double FirstBytes, double SecondsPerByte)? _median;

    /// <summary>Counts a range that came whole.</summary>
    /// <param name="firstBytes">Until its first bytes came, in seconds; null if it came behind another, over the same connection.</param>
    /// <param name="bytes">How many bytes came after them.</param>
    /// <param name="seconds">How long those were waited for.</param>
    public void Count(double? firstBytes, long bytes, double seconds)
    {
        lock (_lock)
        {
            _last.Enqueue((firstBytes, bytes == 0 ? 0 : seconds / bytes));
            if (_last.Count > Remembered)
            {
                _last.Dequeue();
            }

            _median = _last.Count < Enough ? null : (Median(_last.Select(l => l.FirstBytes).OfType<double>()), Median(_last.Select(l => l.SecondsPerByte)));
        }
    }

    /// <summary>How long a range is usually waited for until so many bytes of it are there; null if nobody can tell yet.</summary>
    public TimeSpan? Usual(long bytes)
    {
        lock (_lock)
        {
            return _median is { } median ? TimeSpan.FromSeconds(median.FirstBytes + (bytes * median.SecondsPerByte)) : null;
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
