using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>Blobs as a repository sees them: content lies once in the store, and a link says who may read it.</summary>
internal sealed class BlobStore(ContentStore content, LinkStore links, DescriptorCache descriptors)
{
    /// <summary>The size of a blob in bytes, for those who push what names it; null if the repository does not hold it.</summary>
    public async Task<long?> StatAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken)
    {
        string link = KeyLayout.LayerLink(name, digest);
        if (descriptors.Find(link, inStore: true) is { } known)
        {
            return known;
        }

        long stamp = descriptors.Stamp(link);
        Task<bool> linked = links.ExistsAsync(link, cancellationToken);
        Task<long?> stat = content.StatAsync(digest, cancellationToken);
        await Task.WhenAll(linked, stat);
        if (!await linked || await stat is not { } size)
        {
            return null;
        }

        descriptors.Add(link, size, stamp);
        return size;
    }

    /// <summary>Describes a blob; null if the repository does not hold it.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="digest">The blob's digest.</param>
    /// <param name="isForPush">Whether the client may push it if it is not there: then it has to be in the store, unless that is away.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<BlobDescriptor?> FindAsync(RepositoryName name, Digest digest, bool isForPush, CancellationToken cancellationToken)
    {
        string link = KeyLayout.LayerLink(name, digest);
        if (descriptors.Find(link, inStore: isForPush) is { } known)
        {
            return new BlobDescriptor(digest, known, IsStale: false);
        }

        long stamp = descriptors.Stamp(link);
        long? onNode = content.SizeOnNode(digest);
        bool asksStore = isForPush || onNode is null;
        Task<LinkAnswer> linking = links.FindAsync(link, digest, isForPush, cancellationToken);
        Task<long?> sizing = asksStore ? StatAsync(linking, content.StatAsync(digest, cancellationToken), onNode) : Task.FromResult(onNode);
        (LinkAnswer linked, long? found) = await LinkedContent.GetAsync(linking, sizing, cancellationToken);
        if (found is not { } size)
        {
            return null;
        }

        if (!linked.IsStale)
        {
            descriptors.Add(link, size, stamp, isInStore: asksStore);
        }

        return new BlobDescriptor(digest, size, linked.IsStale);
    }

    // What the store says; or what the node has, while the store is away.
    private static async Task<long?> StatAsync(Task<LinkAnswer> linking, Task<long?> asking, long? onNode)
    {
        bool isTaken = false;
        try
        {
            isTaken = onNode is null || !(await linking).IsStale;
            return isTaken ? await asking : onNode;
        }
        finally
        {
            if (!isTaken)
            {
                _ = LinkedContent.DropAsync(asking);
            }
        }
    }

    /// <summary>Opens a blob whole; null if the repository does not hold it.</summary>
    public async Task<ObjectContent?> OpenAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken)
    {
        string link = KeyLayout.LayerLink(name, digest);
        long stamp = descriptors.Stamp(link);
        if (descriptors.Holds(link))
        {
            ObjectContent? held = await content.OpenAsync(digest, null, cancellationToken);
            if (held is not null)
            {
                descriptors.AddSize(link, held.Size, stamp, isInStore: !held.IsVerified);
            }

            return held;
        }

        Task<LinkAnswer> linking = links.FindAsync(link, digest, isForPush: false, cancellationToken);
        if (linking.IsCompletedSuccessfully && !linking.Result.Exists)
        {
            return null;
        }

        (LinkAnswer linked, ObjectContent? opened) = await LinkedContent.GetAsync(linking, content.OpenAsync(digest, null, cancellationToken), cancellationToken);
        if (opened is null)
        {
            return null;
        }

        if (linked.IsStale)
        {
            opened.IsStale = true;
        }
        else
        {
            // What comes from the node's disk may be gone from the store.
            descriptors.Add(link, opened.Size, stamp, isInStore: !opened.IsVerified);
        }

        return opened;
    }

    /// <summary>Opens a blob that was found just now, or a range of it; null if it has gone since.</summary>
    public async Task<ObjectContent?> OpenAsync(BlobDescriptor blob, ByteRange? range, CancellationToken cancellationToken)
    {
        ObjectContent? opened = await content.OpenAsync(blob.Digest, range, cancellationToken);
        if (opened is not null && blob.IsStale)
        {
            opened.IsStale = true;
        }

        return opened;
    }

    /// <summary>Makes a blob of one repository readable through another (OCI distribution-spec, Mounting a blob).</summary>
    /// <returns>False if the other repository does not hold it.</returns>
    public async Task<bool> MountAsync(RepositoryName from, RepositoryName to, Digest digest, CancellationToken cancellationToken)
    {
        if (await StatAsync(from, digest, cancellationToken) is not { } size)
        {
            return false;
        }

        await LinkAsync(to, digest, size, cancellationToken);
        return true;
    }

    /// <summary>Makes a blob readable through a repository, whichever hold it (OCI distribution-spec, Mounting a blob, without <c>from</c>).</summary>
    /// <returns>False if the store does not have its content.</returns>
    public async Task<bool> MountAsync(RepositoryName to, Digest digest, CancellationToken cancellationToken)
    {
        if (await content.StatAsync(digest, cancellationToken) is not { } size)
        {
            return false;
        }

        await LinkAsync(to, digest, size, cancellationToken);
        return true;
    }

    /// <summary>
    /// Makes a blob unreadable through a repository; its content stays, for other repositories may hold it. Another registry on the same store may
    /// remember it for as long as its own <see cref="DescriptorCache"/> does.
    /// </summary>
    /// <returns>False if the repository does not hold it.</returns>
    public Task<bool> UnlinkAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken) =>
        links.RemoveAsync(KeyLayout.LayerLink(name, digest), cancellationToken);

    /// <summary>Makes content that lies in the store readable through a repository.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="digest">The content's digest.</param>
    /// <param name="size">Its size in bytes, so that nobody need ask for it soon.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task LinkAsync(RepositoryName name, Digest digest, long size, CancellationToken cancellationToken)
    {
        string link = KeyLayout.LayerLink(name, digest);
        if (await links.WriteAsync(link, digest, cancellationToken) is { } stamp)
        {
            descriptors.Add(link, size, stamp);
        }
    }
}
