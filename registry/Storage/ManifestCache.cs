using LocalRegistry.Registry.Oci;
using Microsoft.Extensions.Caching.Memory;

namespace LocalRegistry.Registry.Storage;

/// <summary>Keeps manifests that were read last, by their digests: what has been checked once need be neither read nor checked again.</summary>
internal sealed class ManifestCache : IDisposable
{
    /// <summary>The most bytes of all.</summary>
    public const int TotalSize = 4 * 1024 * 1024;

    /// <summary>The most bytes of one.</summary>
    public const int LargestSize = 256 * 1024;

    // What an entry takes besides the manifest's own bytes.
    private const int EntrySize = 1024;

    private readonly MemoryCache _manifests = new(new MemoryCacheOptions { SizeLimit = TotalSize });

    public StoredManifest? Find(Digest digest) => _manifests.TryGetValue(digest.Hex, out StoredManifest? manifest) ? manifest : null;

    public void Add(StoredManifest manifest)
    {
        if (manifest.Content.Length <= LargestSize)
        {
            _manifests.Set(manifest.Digest.Hex, manifest, new MemoryCacheEntryOptions { Size = manifest.Content.Length + EntrySize });
        }
    }

    public void Dispose() => _manifests.Dispose();
}
