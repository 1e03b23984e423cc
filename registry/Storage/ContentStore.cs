using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Reading;

namespace LocalRegistry.Registry.Storage;

/// <summary>Content by its digest, whichever repositories it belongs to.</summary>
/// <param name="store">Where it lies.</param>
/// <param name="cache">Keeps what was asked for on the node's disk; null if nothing does.</param>
internal sealed class ContentStore(IObjectStore store, DiskCache? cache = null)
{
    /// <summary>The size in bytes of content in the store, whatever the node has of it; null if there is none.</summary>
    public Task<long?> StatAsync(Digest digest, CancellationToken cancellationToken) => store.StatAsync(KeyLayout.BlobData(digest), cancellationToken);

    /// <summary>The size in bytes of content that the node has, which may be gone from the store; null if it has none.</summary>
    public long? SizeOnNode(Digest digest) => cache?.SizeOf(digest);

    /// <summary>Opens content, or a range of it; null if there is none.</summary>
    public async Task<ObjectContent?> OpenAsync(Digest digest, ByteRange? range, CancellationToken cancellationToken)
    {
        CacheAnswer answer = cache is null ? default : await cache.OpenAsync(digest, range, OpenInStoreAsync, cancellationToken);
        return answer.IsKnown ? answer.Content
            : answer.Content is { } begun ? Widened(begun, range)
            : await OpenInStoreAsync(digest, range, cancellationToken);
    }

    private async Task<ObjectContent?> OpenInStoreAsync(Digest digest, ByteRange? range, CancellationToken cancellationToken) =>
        await store.OpenAsync(KeyLayout.BlobData(digest), range?.First ?? 0, range?.Length, cancellationToken) is { } content ? Widened(content, range) : null;

    // What is large is read over several connections, if that is faster.
    private static ObjectContent Widened(ObjectContent content, ByteRange? range) =>
        content.OpenRange is { } open && (range?.Length ?? content.Size) is var length and > WindowedStream.Worth
            ? new ObjectContent(content.Size, new WindowedStream(content.Stream, range?.First ?? 0, length, open, WindowBuffers.Shared, TimeProvider.System))
            : content;
}
