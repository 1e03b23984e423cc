using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Http;

/// <summary>
/// Answers for <see cref="Canary.Repository"/> of the hosts that the registry stands in for. It lies in a store of its own, in memory, so that it
/// is served as any image is and has nothing to do with the bucket.
/// </summary>
internal sealed class CanaryEndpoints : IDisposable
{
    private static readonly RepositoryName Name = new(Canary.Repository);

    private readonly InMemoryStore _store = new();
    private readonly DescriptorCache _descriptors = new(0);
    private readonly ManifestStore _manifests;
    private readonly BlobStore _blobs;
    private readonly ManifestEndpoints _manifestEndpoints;
    private readonly BlobEndpoints _blobEndpoints;
    private readonly ListEndpoints _listEndpoints;
    private readonly ReferrerEndpoints _referrerEndpoints;
    private readonly Lazy<Task> _image;

    public CanaryEndpoints(RegistryConfiguration configuration, ILogger<ReferrerListing> logger)
    {
        var links = new LinkStore(_store);
        var contents = new ContentStore(_store);
        _manifests = new ManifestStore(_store, contents, links);
        _blobs = new BlobStore(contents, links, _descriptors);
        _manifestEndpoints = new ManifestEndpoints(_manifests);
        _blobEndpoints = new BlobEndpoints(_blobs);
        _listEndpoints = new ListEndpoints(new RepositoryListing(_store), MirrorTable.None, configuration);
        _referrerEndpoints = new ReferrerEndpoints(new ReferrerListing(_store, _manifests, logger));
        _image = new Lazy<Task>(() => WriteAsync(CanaryIndex.Make()));
    }

    /// <summary>Answers a request that reads; any other is refused.</summary>
    public async Task<RegistryError?> HandleAsync(HttpContext context, RequestTarget target)
    {
        await _image.Value;
        var request = new RegistryRequest(context, Name, target);
        bool reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return (target.Route.Kind, reads) switch
        {
            (RouteKind.Manifest, true) => await _manifestEndpoints.GetAsync(request),
            (RouteKind.Blob, true) => await _blobEndpoints.GetAsync(request),
            (RouteKind.Tags, true) => await _listEndpoints.TagsAsync(request),
            (RouteKind.Referrers, true) => await _referrerEndpoints.GetAsync(request),
            _ => new RegistryError(ErrorCode.Denied, $"{Name} is made up by the registry, as a sign that images are pulled through it: nothing can be written to it"),
        };
    }

    public void Dispose()
    {
        _descriptors.Dispose();
        _store.Dispose();
    }

    private async Task WriteAsync(CanaryIndex index)
    {
        foreach (CanaryImage image in index.Images)
        {
            foreach (byte[] blob in (byte[][])[image.Config, image.Layer])
            {
                Digest digest = Digest.Of(DigestAlgorithm.Sha256, blob);
                await _store.WriteAsync(KeyLayout.BlobData(digest), blob, onlyIfAbsent: true, CancellationToken.None);
                await _blobs.LinkAsync(Name, digest, blob.Length, CancellationToken.None);
            }

            await WriteAsync(image.Manifest);
        }

        await WriteAsync(index.Content, Canary.Tag);
    }

    private Task WriteAsync(byte[] manifest, params IReadOnlyCollection<string> tags) =>
        _manifests.WriteAsync(Name, Digest.Of(DigestAlgorithm.Sha256, manifest), manifest, subject: null, tags, CancellationToken.None);
}
