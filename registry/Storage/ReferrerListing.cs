using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Finds the manifests that refer to another one. They are known by links that are written with them, and by the index that clients of a registry
/// without the referrers API keep under a tag (OCI distribution-spec, Referrers Tag Schema).
/// </summary>
internal sealed partial class ReferrerListing(IObjectStore store, ManifestStore manifests, ILogger<ReferrerListing> logger)
{
    // Of a digest's hash, the tag has no more than these many digits.
    private const int TagDigits = 64;

    /// <summary>The digests that may be those of referrers, in lexical order, each once.</summary>
    public async Task<List<Digest>> FindAsync(RepositoryName name, Digest subject, CancellationToken cancellationToken)
    {
        Task<List<Digest>> linked = ReadLinksAsync(KeyLayout.Referrers(name, subject), cancellationToken);
        Task<IEnumerable<Digest>> tagged = ReadTagAsync(name, subject, cancellationToken);
        await Task.WhenAll(linked, tagged);
        return [.. (await linked).Union(await tagged).OrderBy(digest => digest.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>Reads a referrer; null if the repository does not hold it any more, if it is corrupt, or if it does not refer to the subject.</summary>
    public async Task<Referrer?> ReadAsync(RepositoryName name, Digest subject, Digest digest, CancellationToken cancellationToken) =>
        await ReadManifestAsync(name, subject, digest, cancellationToken) is { } manifest && manifest.Parse() is { } document && document.Referral.Subject == subject
            ? new Referrer(document.MediaType, digest, manifest.Content.Length, document.Referral)
            : null;

    private async Task<List<Digest>> ReadLinksAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<Digest>();
        await foreach (string algorithm in store.ListAsync(prefix, cancellationToken))
        {
            await foreach (string hex in store.ListAsync($"{prefix}{algorithm}/", cancellationToken))
            {
                if (Digest.TryParse($"{algorithm}:{hex}", out Digest digest))
                {
                    found.Add(digest);
                }
            }
        }

        return found;
    }

    private async Task<IEnumerable<Digest>> ReadTagAsync(RepositoryName name, Digest subject, CancellationToken cancellationToken)
    {
        string tag = $"{subject.Algorithm.Name}-{subject.Hex.AsSpan(0, TagDigits)}";
        return await manifests.ResolveAsync(name, tag, cancellationToken) is { } index
            && await ReadManifestAsync(name, subject, index, cancellationToken) is { } manifest
            && manifest.Parse() is { IsIndex: true } document
            ? document.Content.Select(descriptor => descriptor.Digest)
            : [];
    }

    // One that is corrupt must not hide the others: whoever pulls it by its digest gets the error.
    private async Task<StoredManifest?> ReadManifestAsync(RepositoryName name, Digest subject, Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await manifests.ReadAsync(name, digest, cancellationToken);
        }
        catch (CorruptContentException e)
        {
            LogCorrupt(e, digest, subject, name);
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Digest} is left out of the referrers of {Subject} in {Repository}: its object in the store is corrupt; delete that object and push the manifest again")]
    private partial void LogCorrupt(Exception exception, Digest digest, Digest subject, RepositoryName repository);
}
