namespace LocalRegistry.Benchmarks.Store;

/// <summary>What passed between candidates and S3.</summary>
/// <param name="Requests">The requests of each kind.</param>
/// <param name="Received">The bytes of the answers, with their heads.</param>
/// <param name="Sent">The bytes of the requests, with their heads.</param>
internal sealed record S3Counts(IReadOnlyDictionary<string, long> Requests, long Received, long Sent)
{
    /// <summary>The requests of all kinds.</summary>
    public long Total => Requests.Values.Sum();

    /// <summary>What came since earlier ones.</summary>
    public S3Counts Since(S3Counts earlier) => new(
        Requests.ToDictionary(r => r.Key, r => r.Value - earlier.Requests.GetValueOrDefault(r.Key)).Where(r => r.Value > 0).ToDictionary(),
        Received - earlier.Received,
        Sent - earlier.Sent);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Requests.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Value} {r.Key}"));
}
