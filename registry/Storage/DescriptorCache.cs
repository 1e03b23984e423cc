using LocalRegistry.Registry.Oci;
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

    /// <param name="entries">How many descriptors to keep; 0 for none.</param>
    public DescriptorCache(int entries) => _sizes = entries == 0 ? null : new MemoryCache(new MemoryCacheOptions { SizeLimit = entries });

    /// <summary>The size in bytes of a blob of a repository; null if it is not known here.</summary>
    public long? Find(RepositoryName name, Digest digest) => _sizes is not null && _sizes.TryGetValue((name, digest), out long size) ? size : null;

    public void Add(RepositoryName name, Digest digest, long size) =>
        _sizes?.Set((name, digest), size, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });

    /// <summary>Forgets a blob of a repository.</summary>
    public void Remove(RepositoryName name, Digest digest) => _sizes?.Remove((name, digest));

    public void Dispose() => _sizes?.Dispose();
}
