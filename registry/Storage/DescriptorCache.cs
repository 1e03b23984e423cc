using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Telemetry;
using Microsoft.Extensions.Caching.Memory;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Remembers for a short while which blobs a repository holds, and their sizes (<c>storage.cache.blobdescriptor</c>).
/// Short, because another registry on the same bucket may collect garbage: a push must not be told of a blob that is gone.
/// </summary>
internal sealed class DescriptorCache : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly MemoryCache? _sizes;
    private readonly RegistryMetrics? _metrics;

    /// <param name="entries">How many descriptors to keep; 0 for none.</param>
    /// <param name="metrics">Counts what is found; null for nobody.</param>
    public DescriptorCache(int entries, RegistryMetrics? metrics = null)
    {
        _sizes = entries == 0 ? null : new MemoryCache(new MemoryCacheOptions { SizeLimit = entries });
        _metrics = metrics;
    }

    /// <summary>The size in bytes of a blob of a repository; null if it is not known here.</summary>
    public long? Find(RepositoryName name, Digest digest)
    {
        if (_sizes is null)
        {
            return null;
        }

        bool isKnown = _sizes.TryGetValue((name, digest), out long size);
        _metrics?.CacheAsked(isKnown);
        return isKnown ? size : null;
    }

    public void Add(RepositoryName name, Digest digest, long size) =>
        _sizes?.Set((name, digest), size, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });

    /// <summary>Forgets a blob of a repository.</summary>
    public void Remove(RepositoryName name, Digest digest) => _sizes?.Remove((name, digest));

    public void Dispose() => _sizes?.Dispose();
}
