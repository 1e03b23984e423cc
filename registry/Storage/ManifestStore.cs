using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>The manifests and tags of repositories.</summary>
internal sealed class ManifestStore(IObjectStore store, ContentStore contents, LinkStore links)
{
    private const int ConcurrentTags = 8;

    /// <summary>The digest that a reference names; null if it is a tag that does not exist.</summary>
    public Task<Digest?> ResolveAsync(RepositoryName name, Reference reference, CancellationToken cancellationToken) => reference.Tag is { } tag
        ? links.ReadAsync(KeyLayout.TagCurrentLink(name, tag), cancellationToken)
        : Task.FromResult(reference.Digest);

    /// <summary>Whether a repository holds a manifest.</summary>
    public Task<bool> ExistsAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken) =>
        links.ExistsAsync(KeyLayout.RevisionLink(name, digest), cancellationToken);

    /// <summary>Reads a manifest; null if the repository does not hold it.</summary>
    /// <exception cref="CorruptContentException">The bytes in the store are not that manifest.</exception>
    public async Task<StoredManifest?> ReadAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken)
    {
        Task<bool> linked = ExistsAsync(name, digest, cancellationToken);
        Task<byte[]?> reading = ReadContentAsync(digest, cancellationToken);
        await Task.WhenAll(linked, reading);
        if (!await linked || await reading is not { } content)
        {
            return null;
        }

        if (Digest.Of(digest.Algorithm, content) != digest)
        {
            throw new CorruptContentException($"{KeyLayout.BlobData(digest)} does not have the digest of its name");
        }

        return new StoredManifest(digest, ManifestDocument.TryParse(content, null, out _), content);
    }

    /// <summary>
    /// Writes a manifest, the link by which its subject knows it and its tags last: whoever sees a tag finds the manifest, and the manifest among
    /// its subject's referrers.
    /// </summary>
    public async Task WriteAsync(
        RepositoryName name, Digest digest, ReadOnlyMemory<byte> content, Digest? subject, IReadOnlyCollection<string> tags, CancellationToken cancellationToken)
    {
        await store.WriteAsync(KeyLayout.BlobData(digest), content, onlyIfAbsent: true, cancellationToken);
        await links.WriteAsync(KeyLayout.RevisionLink(name, digest), digest, cancellationToken);
        if (subject is { } referred)
        {
            await links.WriteAsync(KeyLayout.ReferrerLink(name, referred, digest), digest, cancellationToken);
        }

        if (tags.Count == 0)
        {
            return;
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentTags, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(tags, options, async (tag, token) => await TagAsync(name, digest, tag, token));

        // Whoever deletes the manifest meanwhile has looked for its tags before these were there; or looks again, and takes them.
        if (!await ExistsAsync(name, digest, cancellationToken))
        {
            await links.WriteAsync(KeyLayout.RevisionLink(name, digest), digest, cancellationToken);
        }
    }

    private async Task TagAsync(RepositoryName name, Digest digest, string tag, CancellationToken cancellationToken)
    {
        // A tag is listed as soon as there is anything of it, so what readers follow comes before what only remembers.
        await links.WriteAsync(KeyLayout.TagCurrentLink(name, tag), digest, cancellationToken);
        await links.WriteAsync(KeyLayout.TagIndexLink(name, tag, digest), digest, cancellationToken);

        // Whoever deletes the tag takes the first link before it looks for others. If that was in between, nobody else would ever take the second.
        if (!await links.ExistsAsync(KeyLayout.TagCurrentLink(name, tag), cancellationToken))
        {
            await links.RemoveAsync(KeyLayout.TagIndexLink(name, tag, digest), cancellationToken);
        }
    }

    private async Task<byte[]?> ReadContentAsync(Digest digest, CancellationToken cancellationToken)
    {
        await using ObjectContent? content = await contents.OpenAsync(digest, null, cancellationToken);
        return content is null || content.Size > ManifestDocument.MaximumSize ? null : await content.ReadAllAsync(KeyLayout.BlobData(digest), cancellationToken);
    }
}
