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
    public async Task<ObjectContent?> OpenAsync(Digest digest, ByteRange? range, CancellationToken cancellationToken) =>
        cache is not null && await cache.OpenAsync(digest, range, OpenInStoreAsync, cancellationToken) is { IsKnown: true } answer
            ? answer.Content
            : await OpenInStoreAsync(digest, range, cancellationToken);

    private async Task<ObjectContent?> OpenInStoreAsync(Digest digest, ByteRange? range, CancellationToken cancellationToken)
    {
        long first = range?.First ?? 0;
        ObjectContent? content = await store.OpenAsync(KeyLayout.BlobData(digest), first, range?.Length, cancellationToken);
        return content is { OpenRange: { } open } && (range?.Length ?? content.Size) is var length and > WindowedStream.Worth
            ? new ObjectContent(content.Size, new WindowedStream(content.Stream, first, length, open, WindowBuffers.Shared, TimeProvider.System))
            : content;
    }
}
