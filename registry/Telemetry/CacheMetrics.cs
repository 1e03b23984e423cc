using LocalRegistry.Registry.Cache;
using Prometheus;

namespace LocalRegistry.Registry.Telemetry;

/// <summary>What the node's cache counts; made only where there is one.</summary>
internal sealed class CacheMetrics
{
    /// <summary>Content was on disk.</summary>
    public const string Hit = "hit";

    /// <summary>It was not, and was asked of the store.</summary>
    public const string Miss = "miss";

    /// <summary>It was on its way already.</summary>
    public const string Joined = "joined";

    /// <summary>It came from the store past the cache.</summary>
    public const string Bypass = "bypass";

    private readonly CollectorRegistry _registry;
    private readonly Counter _requests;
    private readonly Counter.Child _fromCache;
    private readonly Counter.Child _fromStore;
    private readonly Gauge _entries;
    private readonly Gauge _size;
    private readonly Counter _evictions;
    private readonly Counter _evicted;
    private readonly Counter _fills;
    private readonly Counter _verified;

    /// <param name="registry">Where they are asked for.</param>
    /// <param name="factory">Makes them there.</param>
    /// <param name="limit">The most bytes of the cache.</param>
    public CacheMetrics(CollectorRegistry registry, MetricFactory factory, long limit)
    {
        _registry = registry;
        _requests = factory.CreateCounter("localregistry_cache_requests_total", "Content that was asked for, by what the node's cache had of it.", ["result"]);
        Counter served = factory.CreateCounter(
            "localregistry_cache_served_bytes_total", "Bytes of content that were asked for, by whether they had to be fetched from the store.", ["source"]);
        _fromCache = served.WithLabels("cache");
        _fromStore = served.WithLabels("store");
        _entries = factory.CreateGauge("localregistry_cache_entries", "Entries of the node's cache.");
        _size = factory.CreateGauge("localregistry_cache_size_bytes", "Bytes that they take on disk.");
        factory.CreateGauge("localregistry_cache_limit_bytes", "The most bytes that they may take.").Set(limit);
        _evictions = factory.CreateCounter("localregistry_cache_evictions_total", "Entries that were deleted to make room.");
        _evicted = factory.CreateCounter("localregistry_cache_evicted_bytes_total", "Bytes that they took on disk.");
        _fills = factory.CreateCounter("localregistry_cache_fills_total", "Objects that were read from the store for the cache, by how that ended.", ["result"]);
        _verified = factory.CreateCounter("localregistry_cache_verified_total", "Entries that were read again, by what was found.", ["result"]);

        // A first increase is seen only of what was there at zero.
        foreach (string result in (string[])[Hit, Miss, Joined, Bypass])
        {
            _requests.WithLabels(result);
        }

        foreach (FillResult result in Enum.GetValues<FillResult>())
        {
            _fills.WithLabels(NameOf(result));
        }

        foreach (VerifyResult result in Enum.GetValues<VerifyResult>())
        {
            _verified.WithLabels(NameOf(result));
        }
    }

    /// <summary>Reports what there is.</summary>
    public void Watch(Func<(int Entries, long Bytes)> look) => _registry.AddBeforeCollectCallback(() =>
    {
        (int entries, long bytes) = look();
        _entries.Set(entries);
        _size.Set(bytes);
    });

    /// <summary>Counts a request for content.</summary>
    public void Asked(string result) => _requests.WithLabels(result).Inc();

    /// <summary>Counts the bytes that it is for.</summary>
    public void Served(bool isFromStore, long bytes) => (isFromStore ? _fromStore : _fromCache).Inc(bytes);

    /// <summary>Counts an entry that goes.</summary>
    public void Evicted(long bytes)
    {
        _evictions.Inc();
        _evicted.Inc(bytes);
    }

    /// <summary>Counts a fill that has ended.</summary>
    public void Filled(FillResult result) => _fills.WithLabels(NameOf(result)).Inc();

    /// <summary>Counts an entry that was read again.</summary>
    public void Verified(VerifyResult result) => _verified.WithLabels(NameOf(result)).Inc();

    private static string NameOf(FillResult result) => result switch
    {
        FillResult.Done => "done",
        FillResult.Missing => "missing",
        FillResult.Refused => "refused",
        FillResult.Corrupt => "corrupt",
        FillResult.Left => "left",
        _ => "failed",
    };

    private static string NameOf(VerifyResult result) => result switch
    {
        VerifyResult.Whole => "whole",
        VerifyResult.Corrupt => "corrupt",
        _ => "unreadable",
    };
}
