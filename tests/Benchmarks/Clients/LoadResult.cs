namespace LocalRegistry.Benchmarks.Clients;

/// <summary>What came of a load.</summary>
/// <param name="Requests">The requests answered.</param>
/// <param name="Bytes">The bytes of content received or sent.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Latencies">How long each took.</param>
internal sealed record LoadResult(long Requests, long Bytes, TimeSpan Elapsed, Latencies Latencies)
{
    /// <summary>Bytes of content by time, in megabytes of 1,000,000 bytes a second.</summary>
    public double MegabytesPerSecond => Bytes / 1e6 / Elapsed.TotalSeconds;

    /// <summary>Content in gigabytes of 1,000,000,000 bytes.</summary>
    public double Gigabytes => Bytes / 1e9;

    public double RequestsPerSecond => Requests / Elapsed.TotalSeconds;
}
