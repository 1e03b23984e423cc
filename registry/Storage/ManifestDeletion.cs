using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Takes tags and manifests out of repositories. Only links go: content stays in the store until garbage is collected, as with Docker's registry.
/// </summary>
internal sealed class ManifestDeletion(IObjectStore store, LinkStore links, RegistryConfiguration configuration)
{
    /// <summary>
    /// Removes a tag; the manifest that it names stays. If somebody pushes the tag meanwhile, it is there whole afterwards or not at all;
    /// only the list of what it has named may lack an entry.
    /// </summary>
    /// <returns>False if there is no such tag.</returns>
    public async Task<bool> UntagAsync(RepositoryName name, string tag, CancellationToken cancellationToken)
    {
        // The link that readers follow goes first: nobody finds a tag of which half is gone. What an interrupted removal has left is taken too.
        bool named = await links.RemoveAsync(KeyLayout.TagCurrentLink(name, tag), cancellationToken);
        return await store.DeleteFolderAsync(KeyLayout.Tag(name, tag), cancellationToken) || named;
    }

    /// <summary>
    /// Removes a manifest and every tag that names it. If somebody pushes it by a tag meanwhile, both are there afterwards, or the tag is not:
    /// no tag leads nowhere.
    /// </summary>
    /// <returns>False if the repository does not hold it.</returns>
    public async Task<bool> DeleteAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken)
    {
        string revision = KeyLayout.RevisionLink(name, digest);
        if (!await links.ExistsAsync(revision, cancellationToken))
        {
            return false;
        }

        // The tags go first: if the store fails on the way, the manifest is still there and the client can ask again.
        await UntagAllAsync(name, digest, cancellationToken);
        await links.DeleteAsync(revision, cancellationToken);

        // A tag that was pushed meanwhile would lead nowhere: its push has looked for the manifest before it was gone, or looks now and writes it again.
        await UntagAllAsync(name, digest, cancellationToken);
        return true;
    }

    private async Task UntagAllAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = configuration.Storage.TagConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(store.ListAsync(KeyLayout.Tags(name), cancellationToken), options, async (tag, token) =>
        {
            // A tag is removed as soon as it is read, not after all of them are: somebody may be moving it to another manifest.
            if (Reference.IsTag(tag) && await NamesAsync(name, tag, digest, token))
            {
                await UntagAsync(name, tag, token);
            }
        });
    }

    private async Task<bool> NamesAsync(RepositoryName name, string tag, Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await links.ReadAsync(KeyLayout.TagCurrentLink(name, tag), cancellationToken) == digest;
        }
        catch (CorruptContentException)
        {
            // It names nothing, which whoever asks for it is told; it stops nobody from deleting something else.
            return false;
        }
    }
}
