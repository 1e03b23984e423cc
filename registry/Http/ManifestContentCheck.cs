using System.Collections.Concurrent;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;

namespace LocalRegistry.Registry.Http;

/// <summary>
/// Looks at what a pushed manifest names, as <c>validation</c> says: whether it is there (OCI distribution-spec, Push: a registry may refuse what
/// is not), and whether it may lie elsewhere. A subject need not be there.
/// </summary>
internal sealed class ManifestContentCheck(ManifestStore manifests, BlobStore blobs, RegistryConfiguration configuration)
{
    private const int ConcurrentLookups = 8;

    private readonly ValidationConfiguration _validation = configuration.Validation;

    /// <returns>Why the manifest is refused; null if it is well.</returns>
    public async Task<RegistryError?> RunAsync(RepositoryName name, ManifestDocument document, CancellationToken cancellationToken)
    {
        if (document.Content.Count > ManifestDocument.MaximumDescriptors)
        {
            return new RegistryError(
                ErrorCode.ManifestInvalid, $"the manifest names {document.Content.Count} pieces of content, and {ManifestDocument.MaximumDescriptors} are taken at most");
        }

        if (CheckUrls(document) is { } unfit)
        {
            return unfit;
        }

        if (await FindMissingAsync(name, document, cancellationToken) is { } missing)
        {
            string kind = document.IsIndex ? "manifest" : "blob";
            return new RegistryError(ErrorCode.ManifestBlobUnknown, $"the manifest names the {kind} {missing}, which {name} does not have: push it first");
        }

        return null;
    }

    private RegistryError? CheckUrls(ManifestDocument document)
    {
        foreach (Descriptor descriptor in document.Content)
        {
            foreach (string url in descriptor.Urls)
            {
                if (url.Length == 0)
                {
                    return new RegistryError(ErrorCode.ManifestInvalid, $"the urls of {descriptor.Digest} must be a list of URLs");
                }

                if (_validation.Urls?.Permit(url) == false)
                {
                    return new RegistryError(
                        ErrorCode.ManifestInvalid,
                        $"{descriptor.Digest} names the URL \"{url}\", which this registry does not take: validation.manifests.urls of its configuration says which it takes");
                }
            }
        }

        return null;
    }

    private bool IsSought(ManifestDocument document, Descriptor descriptor) => document.IsIndex
        ? _validation.NeedsImage(descriptor.Platform)
        : _validation.NeedsBlobs && !descriptor.IsForeign;

    private async Task<Digest?> FindMissingAsync(RepositoryName name, ManifestDocument document, CancellationToken cancellationToken)
    {
        var missing = new ConcurrentQueue<Digest>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentLookups, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(document.Content.Where(d => IsSought(document, d)).Select(d => d.Digest).Distinct(), options, async (digest, token) =>
        {
            // One that is missing is enough to refuse the manifest.
            bool present = !missing.IsEmpty || (document.IsIndex
                ? await manifests.ExistsAsync(name, digest, token)
                : await blobs.StatAsync(name, digest, token) is not null);
            if (!present)
            {
                missing.Enqueue(digest);
            }
        });
        return missing.TryDequeue(out Digest first) ? first : null;
    }
}
