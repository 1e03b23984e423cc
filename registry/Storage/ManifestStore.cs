using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>The manifests and tags of repositories.</summary>
/// <param name="store">Where they are written.</param>
/// <param name="contents">Where their bytes are read.</param>
/// <param name="links">Says which repositories hold them, and what tags name.</param>
/// <param name="descriptors">Remembers which repositories hold them; null for nothing.</param>
/// <param name="cache">Keeps their bytes; null for none.</param>
/// <param name="vouched">Takes their word for what they name; null if that is looked for each time.</param>
internal sealed class ManifestStore(
    IObjectStore store, ContentStore contents, LinkStore links, DescriptorCache? descriptors = null, ManifestCache? cache = null, VouchedBlobs? vouched = null)
{
    private const int ConcurrentTags = 8;

    private readonly SharedAnswers<StoredManifest?> _read = new();

    /// <summary>Reads the manifest that a reference names; null if the repository does not hold it.</summary>
    /// <exception cref="CorruptContentException">The bytes in the store are not that manifest, or the tag's link holds no digest.</exception>
    public async Task<StoredManifest?> FindAsync(RepositoryName name, Reference reference, CancellationToken cancellationToken)
    {
        if (reference.Digest is { } digest)
        {
            return await ReadAsync(name, digest, cancellationToken);
        }

        // A tag is asked for anew each time. Nearly always it names what it named before, which is fetched beside it.
        string link = KeyLayout.TagCurrentLink(name, reference.Tag!);
        Task<LinkAnswer> resolving = links.ResolveAsync(link, cancellationToken);
        Digest? guess = resolving.IsCompleted ? null : links.Guess(link);
        Task<StoredManifest?> guessing = guess is { } last ? ReadAsync(name, last, cancellationToken) : Task.FromResult<StoredManifest?>(null);
        bool isTaken = false;
        try
        {
            LinkAnswer tag = await resolving;
            if (tag.Digest is not { } named)
            {
                return null;
            }

            isTaken = guess == named;
            StoredManifest? manifest = await (isTaken ? guessing : ReadAsync(name, named, cancellationToken));
            return tag.IsStale && manifest is { IsStale: false } ? manifest with { IsStale = true } : manifest;
        }
        finally
        {
            if (!isTaken)
            {
                _ = LinkedContent.DropAsync(guessing);
            }
        }
    }

    /// <summary>The digest that a tag names; null if there is no such tag.</summary>
    /// <exception cref="CorruptContentException">The tag's link holds no digest.</exception>
    public async Task<Digest?> ResolveAsync(RepositoryName name, string tag, CancellationToken cancellationToken) =>
        (await links.ResolveAsync(KeyLayout.TagCurrentLink(name, tag), cancellationToken)).Digest;

    /// <summary>Whether a repository holds a manifest, for those who push what names it.</summary>
    public async Task<bool> ExistsAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken)
    {
        string link = KeyLayout.RevisionLink(name, digest);
        if (descriptors?.Find(link) is not null)
        {
            return true;
        }

        long stamp = descriptors?.Stamp(link) ?? 0;
        bool exists = await links.ExistsAsync(link, cancellationToken);
        if (exists)
        {
            descriptors?.Add(link, 0, stamp);
        }

        return exists;
    }

    /// <summary>Reads a manifest; null if the repository does not hold it.</summary>
    /// <exception cref="CorruptContentException">The bytes in the store are not that manifest.</exception>
    public async Task<StoredManifest?> ReadAsync(RepositoryName name, Digest digest, CancellationToken cancellationToken)
    {
        string link = KeyLayout.RevisionLink(name, digest);
        StoredManifest? kept = cache?.Find(digest);
        if (descriptors?.Find(link) is not null)
        {
            return kept ?? await ReadContentAsync(digest, cancellationToken);
        }

        long stamp = descriptors?.Stamp(link) ?? 0;
        Task<LinkAnswer> linking = links.FindAsync(link, digest, isForPush: false, cancellationToken);
        if (linking.IsCompletedSuccessfully && !linking.Result.Exists)
        {
            return null;
        }

        Task<StoredManifest?> reading = kept is null ? ReadContentAsync(digest, cancellationToken) : Task.FromResult<StoredManifest?>(kept);
        (LinkAnswer linked, StoredManifest? manifest) = await LinkedContent.GetAsync(linking, reading, cancellationToken);
        if (linked.IsStale)
        {
            return manifest is null ? null : manifest with { IsStale = true };
        }

        if (linked.Exists)
        {
            descriptors?.Add(link, 0, stamp);
        }

        if (manifest is not null)
        {
            vouched?.Take(name, manifest);
        }

        return manifest;
    }

    /// <summary>
    /// Writes a manifest, the link by which its subject knows it and its tags last: whoever sees a tag finds the manifest, and the manifest among
    /// its subject's referrers.
    /// </summary>
    public async Task WriteAsync(
        RepositoryName name, Digest digest, ReadOnlyMemory<byte> content, Digest? subject, IReadOnlyCollection<string> tags, CancellationToken cancellationToken)
    {
        string revision = KeyLayout.RevisionLink(name, digest);
        await store.WriteAsync(KeyLayout.BlobData(digest), content, onlyIfAbsent: true, cancellationToken);
        if (await links.WriteAsync(revision, digest, cancellationToken) is { } stamp)
        {
            descriptors?.Add(revision, 0, stamp);
        }

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
        await Task.WhenAll(
            KeepAsync(revision, digest, cancellationToken),
            Parallel.ForEachAsync(tags, options, async (tag, token) => await ClearAsync(name, digest, tag, token)));
    }

    // A tag is listed as soon as there is anything of it, so what readers follow comes before what only remembers.
    private async Task TagAsync(RepositoryName name, Digest digest, string tag, CancellationToken cancellationToken)
    {
        await links.WriteAsync(KeyLayout.TagCurrentLink(name, tag), digest, cancellationToken);
        await links.WriteAsync(KeyLayout.TagIndexLink(name, tag, digest), digest, cancellationToken);
    }

    // Whoever deletes the manifest meanwhile has looked for its tags before these were there; or looks again, and takes them. Whether this registry
    // deletes says nothing: another on the same bucket may.
    private async Task KeepAsync(string revision, Digest digest, CancellationToken cancellationToken)
    {
        if (!await links.ExistsAsync(revision, cancellationToken))
        {
            await links.WriteAsync(revision, digest, cancellationToken);
        }
    }

    // Whoever deletes the tag takes the first link before it looks for others. If that was in between, nobody else would ever take the second.
    private async Task ClearAsync(RepositoryName name, Digest digest, string tag, CancellationToken cancellationToken)
    {
        if (!await links.ExistsAsync(KeyLayout.TagCurrentLink(name, tag), cancellationToken))
        {
            await links.RemoveAsync(KeyLayout.TagIndexLink(name, tag, digest), cancellationToken);
        }
    }

    // Many who begin with the same image cost the store one reading.
    private Task<StoredManifest?> ReadContentAsync(Digest digest, CancellationToken cancellationToken) => _read.AskAsync(digest.Hex, async token =>
    {
        if (cache?.Find(digest) is { } kept)
        {
            return kept;
        }

        await using ObjectContent? opened = await contents.OpenAsync(digest, null, token);
        if (opened is null || opened.Size > ManifestDocument.MaximumSize)
        {
            return null;
        }

        byte[] content = await opened.ReadAllAsync(KeyLayout.BlobData(digest), token);
        if (Digest.Of(digest.Algorithm, content) != digest)
        {
            throw CorruptContentException.Of(digest);
        }

        var manifest = new StoredManifest(digest, ManifestDocument.TryParse(content, null, out _)?.MediaType, content);
        cache?.Add(manifest);
        return manifest;
    }, cancellationToken);
}
