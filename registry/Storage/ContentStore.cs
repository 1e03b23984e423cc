using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>Content by its digest, whichever repositories it belongs to.</summary>
internal sealed class ContentStore(IObjectStore store)
{
    /// <summary>The size of content in bytes; null if there is none.</summary>
    public Task<long?> StatAsync(Digest digest, CancellationToken cancellationToken) => store.StatAsync(KeyLayout.BlobData(digest), cancellationToken);

    /// <summary>Opens content, or a range of it; null if there is none.</summary>
    public Task<ObjectContent?> OpenAsync(Digest digest, ByteRange? range, CancellationToken cancellationToken) =>
        store.OpenAsync(KeyLayout.BlobData(digest), range?.First ?? 0, range?.Length, cancellationToken);
}
