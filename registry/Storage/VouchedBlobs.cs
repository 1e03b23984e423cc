using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Spares pulls the question whether a repository holds a blob, where a manifest has answered it: none was taken whose blobs were not there. It is
/// for registries that take none unseen, and that nobody tells to delete a blob and keep the manifest.
/// </summary>
internal sealed class VouchedBlobs(LinkStore links)
{
    /// <summary>The most blobs of a manifest, twice as many as an image can have layers: nobody is to fill memory and disk with what is never pulled.</summary>
    public const int MaximumBlobs = 256;

    /// <summary>Takes a manifest's word for its config and its layers, for as long as links are remembered.</summary>
    /// <param name="name">The repository, which was seen to hold it just now.</param>
    /// <param name="manifest">The manifest.</param>
    public void Take(RepositoryName name, StoredManifest manifest)
    {
        if (manifest.Parse() is not { IsIndex: false, Content.Count: <= MaximumBlobs } document)
        {
            return;
        }

        foreach (Descriptor descriptor in document.Content)
        {
            if (!descriptor.IsForeign)
            {
                links.Vouch(KeyLayout.LayerLink(name, descriptor.Digest), descriptor.Digest);
            }
        }
    }
}
