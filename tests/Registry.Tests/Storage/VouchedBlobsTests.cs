using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>Whoever has pulled a manifest costs the store no question whether its blobs may be read.</summary>
public sealed class VouchedBlobsTests : IDisposable
{
    private static readonly RepositoryName Name = new("team/app");
    private static readonly byte[] Blob = TestContent.Bytes(1000);
    private static readonly Digest BlobDigest = Digest.Of(DigestAlgorithm.Sha256, Blob);
    private static readonly string Link = KeyLayout.LayerLink(Name, BlobDigest);

    private readonly FakeTimeProvider _time = new();
    private readonly FaultyStore _store = new(new InMemoryStore());
    private readonly DescriptorCache _descriptors;
    private readonly ManifestStore _manifests;
    private readonly BlobStore _blobs;

    public VouchedBlobsTests()
    {
        _descriptors = new DescriptorCache(100, time: _time);
        var links = new LinkStore(_store, _descriptors, new LinkRecords(new NodeRecordsFake(), _time));
        var contents = new ContentStore(_store);
        _manifests = new ManifestStore(_store, contents, links, _descriptors, vouched: new VouchedBlobs(links));
        _blobs = new BlobStore(contents, links, _descriptors);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _descriptors.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task Blob_of_a_manifest_that_was_read_is_opened_without_its_link()
    {
        await PullManifestAsync(MediaTypes.OciManifest);

        Assert.Equal(Blob, await ReadAsync(Name));

        Assert.Equal([$"OpenAsync {KeyLayout.BlobData(BlobDigest)}"], _store.Calls);
    }

    [Fact]
    public async Task Link_is_asked_for_again_after_a_minute()
    {
        await PullManifestAsync(MediaTypes.OciManifest);
        _time.Advance(DescriptorCache.Lifetime + TimeSpan.FromTicks(1));

        Assert.Equal(Blob, await ReadAsync(Name));

        Assert.Contains($"StatAsync {Link}", _store.Calls);
    }

    [Fact]
    public async Task Blob_is_readable_while_the_store_cannot_be_asked_for_its_link()
    {
        await PullManifestAsync(MediaTypes.OciManifest);
        _time.Advance(DescriptorCache.Lifetime + TimeSpan.FromTicks(1));
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.StatAsync));

        Assert.Equal(Blob, await ReadAsync(Name));

        _store.Fail(StoreFailure.Denied, nameof(IObjectStore.StatAsync));
        _time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<StoreException>(() => ReadAsync(Name));
    }

    [Fact]
    public async Task Those_who_need_the_size_or_push_look_for_themselves()
    {
        await PullManifestAsync(MediaTypes.OciManifest);
        await _store.DeleteAsync(KeyLayout.BlobData(BlobDigest), Token);

        Assert.Null(await _blobs.FindAsync(Name, BlobDigest, isForPush: false, Token));
        Assert.Null(await _blobs.FindAsync(Name, BlobDigest, isForPush: true, Token));
        Assert.Null(await _blobs.StatAsync(Name, BlobDigest, Token));
        Assert.Null(await ReadAsync(Name));
    }

    [Fact]
    public async Task Manifest_speaks_for_its_repository_alone()
    {
        await PullManifestAsync(MediaTypes.OciManifest);

        Assert.Null(await ReadAsync(new RepositoryName("team/other")));
    }

    [Theory]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[DESCRIPTOR]}""", "application/octet-stream")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[DESCRIPTOR]}""", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")]
    [InlineData("""{"schemaVersion":1}""", "application/octet-stream")]
    public async Task What_no_push_has_looked_for_is_not_vouched_for(string manifest, string mediaType)
    {
        byte[] config = [1];
        await PullManifestAsync(System.Text.Encoding.UTF8.GetBytes(manifest
            .Replace("DESCRIPTOR", Descriptor(mediaType, Blob), StringComparison.Ordinal)
            .Replace("CONFIG", Descriptor("application/octet-stream", config), StringComparison.Ordinal)));

        Assert.Equal(Blob, await ReadAsync(Name));

        Assert.Contains($"StatAsync {Link}", _store.Calls);
    }

    [Theory]
    [InlineData(VouchedBlobs.MaximumBlobs, true)]
    [InlineData(VouchedBlobs.MaximumBlobs + 1, false)]
    public async Task Manifest_of_more_blobs_than_any_image_has_is_not_taken_at_its_word(int blobs, bool isTaken)
    {
        string descriptor = Descriptor("application/octet-stream", Blob);
        string layers = string.Join(',', Enumerable.Repeat(descriptor, blobs - 1));
        await PullManifestAsync(System.Text.Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"config":{{descriptor}},"layers":[{{layers}}]}"""));

        Assert.Equal(Blob, await ReadAsync(Name));

        Assert.Equal(isTaken, !_store.Calls.Contains($"StatAsync {Link}"));
    }

    [Theory]
    [InlineData(100, false, true, true)]
    [InlineData(0, false, true, false)]
    [InlineData(100, true, true, false)]
    [InlineData(100, false, false, false)]
    public async Task Where_a_blob_may_be_missing_or_nothing_is_remembered_its_link_is_asked_for(int remembered, bool deletes, bool looks, bool isVouched)
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Storage = configuration.Storage with { DescriptorCacheSize = remembered, DeleteEnabled = deletes },
            Validation = new ValidationConfiguration { NeedsBlobs = looks },
        });

        Assert.Equal(isVouched, registry.Services.GetService<VouchedBlobs>() is not null);
    }

    private static string Descriptor(string mediaType, byte[] content) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{TestContent.Sha256(content)}}","size":{{content.Length}},"urls":["https://example.com/layer"]}""";

    private Task PullManifestAsync(string mediaType) => PullManifestAsync(TestContent.Manifest(mediaType, Blob));

    // By another registry on the same store.
    private async Task PullManifestAsync(byte[] manifest)
    {
        Digest digest = Digest.Of(DigestAlgorithm.Sha256, manifest);
        var contents = new ContentStore(_store);
        var links = new LinkStore(_store);
        using var nothing = new DescriptorCache(0);
        await _store.WriteAsync(KeyLayout.BlobData(BlobDigest), Blob, onlyIfAbsent: false, Token);
        await new BlobStore(contents, links, nothing).LinkAsync(Name, BlobDigest, Blob.Length, Token);
        await new ManifestStore(_store, contents, links).WriteAsync(Name, digest, manifest, subject: null, [], Token);
        Assert.NotNull(await _manifests.FindAsync(Name, new Reference(null, digest), Token));
        _store.Calls.Clear();
    }

    private async Task<byte[]?> ReadAsync(RepositoryName name)
    {
        await using ObjectContent? content = await _blobs.OpenAsync(name, BlobDigest, Token);
        return content is null ? null : await content.ReadAllAsync("blob", Token);
    }
}
