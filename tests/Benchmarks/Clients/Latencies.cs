namespace LocalRegistry.Benchmarks.Clients;

/// <summary>How long each of many requests took.</summary>
internal sealed class Latencies(IEnumerable<TimeSpan> all)
{
    private readonly TimeSpan[] _sorted = [.. all.Order()];

    /// <summary>What this share of all requests did not exceed, in milliseconds.</summary>
    /// <param name="share">Such as 0.99.</param>
    public double Percentile(double share) =>
        _sorted.Length == 0 ? double.NaN : _sorted[Math.Min(_sorted.Length - 1, (int)Math.Ceiling(share * _sorted.Length) - 1)].TotalMilliseconds;
}
