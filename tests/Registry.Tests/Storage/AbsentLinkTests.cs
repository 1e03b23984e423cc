using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>What is not there is not asked for again and again, and is seen as soon as it is written.</summary>
public sealed class AbsentLinkTests : IDisposable
{
    private static readonly RepositoryName Name = new("team/app");
    private static readonly byte[] Content = TestContent.Manifest(MediaTypes.OciManifest, [1]);
    private static readonly Digest Digest = Digest.Of(DigestAlgorithm.Sha256, Content);

    private readonly FakeTimeProvider _time = new();
    private readonly FaultyStore _store = new(new InMemoryStore());
    private readonly DescriptorCache _descriptors;
    private readonly ManifestCache _cache = new();
    private readonly ManifestStore _manifests;
    private readonly BlobStore _blobs;

    public AbsentLinkTests()
    {
        _descriptors = new DescriptorCache(0, time: _time);
        var links = new LinkStore(_store, _descriptors);
        var contents = new ContentStore(_store);
        _manifests = new ManifestStore(_store, contents, links, _descriptors, _cache);
        _blobs = new BlobStore(contents, links, _descriptors);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _cache.Dispose();
        _descriptors.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task Readers_ask_once_in_a_second()
    {
        foreach (Func<Task<bool>> read in (Func<Task<bool>>[])[
            async () => await _manifests.FindAsync(Name, new Reference("v1", null), Token) is not null,
            async () => await _manifests.FindAsync(Name, new Reference(null, Digest), Token) is not null,
            async () => await _blobs.OpenAsync(Name, Digest, Token) is not null])
        {
            Assert.False(await read());
            int calls = _store.Calls.Count;
            Assert.False(await read());
            Assert.Equal(calls, _store.Calls.Count);

            _time.Advance(DescriptorCache.AbsentLifetime + TimeSpan.FromTicks(1));
            Assert.False(await read());
            Assert.NotEqual(calls, _store.Calls.Count);
        }
    }

    [Fact]
    public async Task Those_who_push_ask_each_time()
    {
        foreach (Func<Task<bool>> ask in (Func<Task<bool>>[])[
            async () => await _blobs.FindAsync(Name, Digest, isForPush: true, Token) is not null,
            async () => await _blobs.StatAsync(Name, Digest, Token) is not null,
            () => _blobs.MountAsync(Name, new RepositoryName("other"), Digest, Token),
            () => _blobs.MountAsync(new RepositoryName("other"), Digest, Token),
            () => _manifests.ExistsAsync(Name, Digest, Token)])
        {
            Assert.Null(await _blobs.OpenAsync(Name, Digest, Token));
            Assert.Null(await _manifests.FindAsync(Name, new Reference(null, Digest), Token));
            for (int i = 0; i < 2; i++)
            {
                _store.Calls.Clear();
                Assert.False(await ask());
                Assert.NotEmpty(_store.Calls);
            }
        }
    }

    [Fact]
    public async Task What_is_pushed_here_is_there_at_once()
    {
        Assert.Null(await _manifests.FindAsync(Name, new Reference("v1", null), Token));
        Assert.Null(await _manifests.FindAsync(Name, new Reference(null, Digest), Token));
        Assert.Null(await _blobs.OpenAsync(Name, Digest, Token));

        await _manifests.WriteAsync(Name, Digest, Content, subject: null, ["v1"], Token);
        await _blobs.LinkAsync(Name, Digest, Content.Length, Token);

        Assert.NotNull(await _manifests.FindAsync(Name, new Reference("v1", null), Token));
        Assert.NotNull(await _manifests.FindAsync(Name, new Reference(null, Digest), Token));
        await using ObjectContent? blob = await _blobs.OpenAsync(Name, Digest, Token);
        Assert.NotNull(blob);
    }

    [Fact]
    public async Task Answer_from_before_a_push_is_not_remembered_after_it()
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        string link = KeyLayout.TagCurrentLink(Name, "v1");
        _store.AfterReading = (_, _) => asked.TrySetResult() ? answer.Task : Task.CompletedTask;
        var links = new LinkStore(_store, _descriptors);
        Task<LinkAnswer> before = links.ResolveAsync(link, Token);
        await asked.Task;

        await links.WriteAsync(link, Digest, Token);
        answer.SetResult();

        Assert.False((await before).Exists);
        Assert.Equal(Digest, (await links.ResolveAsync(link, Token)).Digest);
    }
}
