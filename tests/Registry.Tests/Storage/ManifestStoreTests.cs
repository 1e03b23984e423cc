using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>How a manifest is found: in how many steps, and how many who ask at once cost the store.</summary>
public sealed class ManifestStoreTests : IDisposable
{
    private static readonly RepositoryName Name = new("team/app");
    private static readonly Reference Tag = new("v1", null);
    private static readonly byte[] First = TestContent.Manifest(MediaTypes.OciManifest, [1]);
    private static readonly byte[] Second = TestContent.Manifest(MediaTypes.OciManifest, [2]);

    private readonly FaultyStore _store = new(new InMemoryStore());
    private readonly DescriptorCache _descriptors = new(100);
    private readonly ManifestCache _cache = new();
    private readonly NodeRecordsFake _records = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _cache.Dispose();
        _descriptors.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task What_a_tag_named_last_is_fetched_beside_its_link()
    {
        await PushAsync(First);
        _records[KeyLayout.TagCurrentLink(Name, "v1")] = DigestOf(First).ToString();
        ManifestStore manifests = Create(new LinkRecords(_records, TimeProvider.System));
        var all = new TaskCompletionSource();
        var asked = new HashSet<string>(StringComparer.Ordinal);

        // None of the three is answered before all of them are asked for.
        _store.BeforeReading = (_, key) =>
        {
            lock (asked)
            {
                asked.Add(key);
                if (asked.Count == 3)
                {
                    all.SetResult();
                }
            }

            return all.Task;
        };

        StoredManifest? manifest = await manifests.FindAsync(Name, Tag, Token).WaitAsync(TimeSpan.FromSeconds(60), Token);

        Assert.Equal(First, manifest?.Content);
        Assert.False(manifest!.IsStale);
    }

    [Fact]
    public async Task Tag_that_was_moved_gives_what_it_names_now()
    {
        await PushAsync(First);
        ManifestStore manifests = Create();
        Assert.Equal(First, (await manifests.FindAsync(Name, Tag, Token))?.Content);
        await PushAsync(Second);
        _store.BeforeReading = async (_, _) => await Task.Yield();

        Assert.Equal(Second, (await manifests.FindAsync(Name, Tag, Token))?.Content);
    }

    [Fact]
    public async Task Guess_that_fails_harms_nobody()
    {
        await PushAsync(Second);
        _records[KeyLayout.TagCurrentLink(Name, "v1")] = DigestOf(First).ToString();
        ManifestStore manifests = Create(new LinkRecords(_records, TimeProvider.System));
        _store.BeforeReading = async (_, key) =>
        {
            await Task.Yield();
            if (key == KeyLayout.BlobData(DigestOf(First)))
            {
                throw FaultyStore.Failure(StoreFailure.Denied);
            }
        };

        Assert.Equal(Second, (await manifests.FindAsync(Name, Tag, Token))?.Content);
    }

    [Fact]
    public async Task Many_who_begin_with_one_image_cost_the_store_each_question_twice_at_most()
    {
        await PushAsync(First);
        ManifestStore manifests = Create();
        var gate = new TaskCompletionSource();
        _store.BeforeReading = (_, _) => gate.Task;
        _store.Calls.Clear();
        Task<StoredManifest?>[] readers = [.. Enumerable.Range(0, 50).Select(_ => manifests.FindAsync(Name, new Reference(null, DigestOf(First)), Token))];
        Task<Digest?>[] resolvers = [.. Enumerable.Range(0, 50).Select(_ => manifests.ResolveAsync(Name, "v1", Token))];

        gate.SetResult();

        Assert.All(await Task.WhenAll(readers), manifest => Assert.Equal(First, manifest?.Content));
        Assert.All(await Task.WhenAll(resolvers), digest => Assert.Equal(DigestOf(First), digest));
        Assert.Equal(2, _store.Calls.Count(c => c == $"OpenAsync {KeyLayout.TagCurrentLink(Name, "v1")}"));
        Assert.Equal(2, _store.Calls.Count(c => c == $"StatAsync {KeyLayout.RevisionLink(Name, DigestOf(First))}"));
        Assert.Single(_store.Calls, c => c == $"OpenAsync {KeyLayout.BlobData(DigestOf(First))}");
    }

    [Fact]
    public async Task Manifest_is_read_and_checked_once()
    {
        await PushAsync(First);
        ManifestStore manifests = Create();
        await manifests.FindAsync(Name, Tag, Token);
        _store.Calls.Clear();

        await manifests.FindAsync(Name, Tag, Token);
        await manifests.FindAsync(Name, new Reference(null, DigestOf(First)), Token);

        Assert.Equal([$"OpenAsync {KeyLayout.TagCurrentLink(Name, "v1")}"], _store.Calls);
    }

    [Fact]
    public async Task Manifest_in_memory_is_not_readable_through_a_repository_that_does_not_hold_it()
    {
        await PushAsync(First);
        ManifestStore manifests = Create();
        Assert.NotNull(await manifests.FindAsync(Name, Tag, Token));

        Assert.Null(await manifests.FindAsync(new RepositoryName("team/other"), new Reference(null, DigestOf(First)), Token));
    }

    [Theory]
    [InlineData(ManifestCache.LargestSize, true)]
    [InlineData(ManifestCache.LargestSize + 1, false)]
    public async Task Large_manifest_is_not_kept(int size, bool isKept)
    {
        byte[] manifest = [.. First, .. Enumerable.Repeat((byte)' ', size - First.Length)];
        await PushAsync(manifest);

        Assert.Equal(manifest, (await Create().FindAsync(Name, Tag, Token))?.Content);

        Assert.Equal(isKept, _cache.Find(DigestOf(manifest)) is not null);
    }

    [Fact]
    public async Task Manifest_that_is_deleted_here_is_gone_at_once()
    {
        await PushAsync(First);
        var links = new LinkStore(_store, _descriptors);
        ManifestStore manifests = Create();
        Assert.NotNull(await manifests.FindAsync(Name, Tag, Token));
        Assert.True(await manifests.ExistsAsync(Name, DigestOf(First), Token));

        Assert.True(await new ManifestDeletion(_store, links, new() { Storage = new() { Driver = new Registry.Configuration.InMemoryDriver() } }).DeleteAsync(Name, DigestOf(First), Token));

        Assert.Null(await manifests.FindAsync(Name, new Reference(null, DigestOf(First)), Token));
        Assert.Null(await manifests.FindAsync(Name, Tag, Token));
        Assert.False(await manifests.ExistsAsync(Name, DigestOf(First), Token));
    }

    private static Digest DigestOf(byte[] manifest) => Digest.Of(DigestAlgorithm.Sha256, manifest);

    private ManifestStore Create(LinkRecords? records = null) =>
        new(_store, new ContentStore(_store), new LinkStore(_store, _descriptors, records), _descriptors, _cache);

    // By another registry on the same store.
    private Task PushAsync(byte[] manifest) =>
        new ManifestStore(_store, new ContentStore(_store), new LinkStore(_store)).WriteAsync(Name, DigestOf(manifest), manifest, subject: null, ["v1"], Token);
}
