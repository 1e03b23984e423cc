using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Telemetry;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Remembers for a short while what repositories hold, by the keys of the links that say so (<c>storage.cache.blobdescriptor</c>): blobs with their
/// sizes, and manifests. Short, because another registry on the same bucket may delete and collect garbage: a push must not be told of a blob that
/// is gone. What was not there is remembered too, whatever the configuration says, but only for a second and for those who read: clients ask again
/// and again for what a mirror does not have. And what a tag named last is kept as a guess, which spares whoever is right a round trip.
/// </summary>
internal sealed class DescriptorCache : IDisposable
{
    /// <summary>The most links that are remembered as absent, and the most tags.</summary>
    public const int SmallEntries = 1000;

    /// <summary>How long an absent link is remembered.</summary>
    public static readonly TimeSpan AbsentLifetime = TimeSpan.FromSeconds(1);

    /// <summary>How long a link is remembered that is there.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private const int Stripes = 256;

    private readonly MemoryCache? _sizes;
    private readonly MemoryCache _absent;
    private readonly MemoryCache _tags;
    private readonly RegistryMetrics? _metrics;
    private readonly long[] _changes = new long[Stripes];

    /// <param name="entries">How many links to remember that are there; 0 for none.</param>
    /// <param name="metrics">Counts what is found; null for nobody.</param>
    /// <param name="time">Says how long it was; null for the system's clock.</param>
    public DescriptorCache(int entries, RegistryMetrics? metrics = null, TimeProvider? time = null)
    {
        var clock = new Clock(time ?? TimeProvider.System);
        _sizes = entries == 0 ? null : Create(entries, clock);
        _absent = Create(SmallEntries, clock);
        _tags = Create(SmallEntries, clock);
        _metrics = metrics;
    }

    /// <summary>
    /// How often this process has written or removed a link, more or less: taken before the store is asked, it tells whether the answer may be
    /// remembered.
    /// </summary>
    public long Stamp(string link) => Volatile.Read(ref Changes(link));

    /// <summary>The size in bytes of what a link stands for, 0 for a manifest; null if the link is not known here.</summary>
    /// <param name="link">The link's key.</param>
    /// <param name="inStore">Whether that must have been seen in the store, since a push will name it; else the link is enough.</param>
    public long? Find(string link, bool inStore = false) => Ask(link, needsSize: true, inStore)?.Size;

    /// <summary>Whether a link is known here, for those who ask for its content anyway and see then how large that is.</summary>
    public bool Holds(string link) => Ask(link, needsSize: false, inStore: false) is not null;

    /// <summary>Remembers a link, unless it was changed since.</summary>
    /// <param name="link">The link's key.</param>
    /// <param name="size">The size of what it stands for.</param>
    /// <param name="stamp">The <see cref="Stamp"/> from before the store was asked.</param>
    /// <param name="isInStore">Whether what it stands for was seen in the store, too. That is not forgotten because somebody reads it elsewhere.</param>
    public void Add(string link, long size, long stamp, bool isInStore = true)
    {
        if (isInStore || _sizes?.TryGetValue(link, out Known known) != true || !known.IsInStore)
        {
            Add(_sizes, link, new Known(size, isInStore), stamp, Lifetime);
        }
    }

    /// <summary>Remembers a link that nobody has looked for, since something else says that it is there.</summary>
    public void Vouch(string link)
    {
        if (_sizes?.TryGetValue(link, out Known _) == false)
        {
            Add(_sizes, link, new Known(null, IsInStore: false), Stamp(link), Lifetime);
        }
    }

    /// <summary>Remembers how large content is whose link was vouched for. Does nothing if its size is known.</summary>
    /// <inheritdoc cref="Add(string, long, long, bool)"/>
    public void AddSize(string link, long size, long stamp, bool isInStore)
    {
        if (_sizes?.TryGetValue(link, out Known known) == true && known.Size is null)
        {
            Add(link, size, stamp, isInStore);
        }
    }

    /// <summary>Whether a link was not there a moment ago.</summary>
    public bool IsAbsent(string link) => _absent.TryGetValue(link, out _);

    /// <summary>Remembers that there is no such link, unless it was changed since.</summary>
    public void AddAbsent(string link, long stamp) => Add(_absent, link, true, stamp, AbsentLifetime);

    /// <summary>What a tag's link held when it was read last; null if that is not known.</summary>
    public Digest? LastNamed(string link) => _tags.TryGetValue(link, out Digest digest) ? digest : null;

    /// <summary>Remembers what a tag's link held.</summary>
    public void Named(string link, Digest digest)
    {
        if (LastNamed(link) != digest)
        {
            _tags.Set(link, digest, new MemoryCacheEntryOptions { Size = 1 });
        }
    }

    /// <summary>Forgets what is remembered of a link, after this process has written or removed it.</summary>
    /// <returns>The new <see cref="Stamp"/>.</returns>
    public long Forget(string link)
    {
        // First the stamp: who adds meanwhile looks at it afterwards, so either he or this removes what is out of date.
        long stamp = Interlocked.Increment(ref Changes(link));
        _sizes?.Remove(link);
        _absent.Remove(link);
        return stamp;
    }

    public void Dispose()
    {
        _sizes?.Dispose();
        _absent.Dispose();
        _tags.Dispose();
    }

    private Known? Ask(string link, bool needsSize, bool inStore)
    {
        if (_sizes is null)
        {
            return null;
        }

        bool isKnown = _sizes.TryGetValue(link, out Known known) && (known.Size is not null || !needsSize) && (known.IsInStore || !inStore);
        _metrics?.CacheAsked(isKnown);
        return isKnown ? known : null;
    }

    private static MemoryCache Create(int entries, Clock clock) => new(new MemoryCacheOptions { SizeLimit = entries, Clock = clock });

    private void Add<T>(MemoryCache? cache, string link, T value, long stamp, TimeSpan lifetime)
    {
        if (cache is null || Stamp(link) != stamp)
        {
            return;
        }

        cache.Set(link, value, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = lifetime });
        if (Stamp(link) != stamp)
        {
            cache.Remove(link);
        }
    }

    private ref long Changes(string link) => ref _changes[(uint)link.GetHashCode(StringComparison.Ordinal) % Stripes];

    // The size is that of the content as it was seen, not as a manifest tells it; null as long as nobody has.
    private readonly record struct Known(long? Size, bool IsInStore);

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
