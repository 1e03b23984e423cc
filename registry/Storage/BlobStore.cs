using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>Blobs as a repository sees them: content lies once in the store, and a link says who may read it.</summary>
internal sealed class BlobStore(ContentStore content, LinkStore links, DescriptorCache descriptors)
{
    /// <summary>The size of a blob in bytes; null if the repository does not hold it.</summary>
    public async Task<long?> StatAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken)
    {
        if (descriptors.Find(name, digest) is { } known)
        {
            return known;
        }

        // The link and the content are asked for at once: nearly always both are there, and it saves a round trip.
        Task<bool> linked = links.ExistsAsync(KeyLayout.LayerLink(name, digest), cancellationToken);
        Task<long?> stat = content.StatAsync(digest, cancellationToken);
        await Task.WhenAll(linked, stat);
        if (!await linked || await stat is not { } size)
        {
            return null;
        }

        descriptors.Add(name, digest, size);
        return size;
    }

    /// <summary>Opens a blob; null if the repository does not hold it.</summary>
    public async Task<ObjectContent?> OpenAsync(RepositoryName name, Digest digest, ByteRange? range, CancellationToken cancellationToken)
    {
        Task<bool> linked = descriptors.Find(name, digest) is null
            ? links.ExistsAsync(KeyLayout.LayerLink(name, digest), cancellationToken)
            : Task.FromResult(true);
        Task<ObjectContent?> opening = content.OpenAsync(digest, range, cancellationToken);
        ObjectContent? opened = null;
        try
        {
            opened = await opening;
            if (await linked && opened is not null)
            {
                descriptors.Add(name, digest, opened.Size);
                ObjectContent given = opened;
                opened = null;
                return given;
            }

            return null;
        }
        finally
        {
            if (opened is not null)
            {
                await opened.DisposeAsync();
            }
        }
    }

    /// <summary>Makes a blob of one repository readable through another (OCI distribution-spec, Mounting a blob).</summary>
    /// <returns>False if the other repository does not hold it.</returns>
    public async Task<bool> MountAsync(RepositoryName from, RepositoryName to, Digest digest, CancellationToken cancellationToken)
    {
        if (await StatAsync(from, digest, cancellationToken) is null)
        {
            return false;
        }

        await LinkAsync(to, digest, cancellationToken);
        return true;
    }

    /// <summary>Makes a blob readable through a repository, whichever hold it (OCI distribution-spec, Mounting a blob, without <c>from</c>).</summary>
    /// <returns>False if the store does not have its content.</returns>
    public async Task<bool> MountAsync(RepositoryName to, Digest digest, CancellationToken cancellationToken)
    {
        if (await content.StatAsync(digest, cancellationToken) is null)
        {
            return false;
        }

        await LinkAsync(to, digest, cancellationToken);
        return true;
    }

    /// <summary>
    /// Makes a blob unreadable through a repository; its content stays, for other repositories may hold it. Another registry on the same store may
    /// remember it for as long as its own <see cref="DescriptorCache"/> does.
    /// </summary>
    /// <returns>False if the repository does not hold it.</returns>
    public async Task<bool> UnlinkAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken)
    {
        bool removed = await links.RemoveAsync(KeyLayout.LayerLink(name, digest), cancellationToken);
        descriptors.Remove(name, digest);
        return removed;
    }

    /// <summary>Makes content that lies in the store readable through a repository.</summary>
    public Task LinkAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken) =>
        links.WriteAsync(KeyLayout.LayerLink(name, digest), digest, cancellationToken);
}
