using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Reading;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Cache;

/// <summary>A cache in a folder of its own, before a store in memory that counts what it is asked.</summary>
internal sealed class CacheBed : IDisposable
{
    private int _opened;

    public CacheBed(long size = 64 << 20, long? free = 0)
    {
        Settings = new NodeCacheSettings(Path.Combine(Root, "cache"), size) { Free = free };
        Store = new FaultyStore(new InMemoryStore());
        Store.Before = _ => Task.CompletedTask;
        Cache = Start();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public string Root { get; } = Directory.CreateTempSubdirectory("cache-").FullName;

    public NodeCacheSettings Settings { get; set; }

    public FaultyStore Store { get; }

    public DiskCache Cache { get; private set; }

    public ContentStore Content { get; private set; } = null!;

    /// <summary>How often the store was asked for an object's bytes.</summary>
    public int Opened => Volatile.Read(ref _opened);

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Ends this process's cache, as a restart does, and opens the folder with the next.</summary>
    public void Restart()
    {
        Cache.Dispose();
        Cache = Start();
    }

    /// <summary>Puts content into the store.</summary>
    public async Task<Digest> PutAsync(byte[] content, DigestAlgorithm? algorithm = null)
    {
        Digest digest = Digest.Of(algorithm ?? DigestAlgorithm.Sha256, content);
        await Store.WriteAsync(KeyLayout.BlobData(digest), content, onlyIfAbsent: false, Token);
        return digest;
    }

    /// <summary>Puts content into the store and into the cache.</summary>
    public async Task<Digest> CacheAsync(byte[] content, DigestAlgorithm? algorithm = null)
    {
        Digest digest = await PutAsync(content, algorithm);
        Assert.Equal(content, await ReadAsync(digest));
        await IsEntryAsync(digest);
        return digest;
    }

    /// <summary>Reads content, or a range of it.</summary>
    public async Task<byte[]> ReadAsync(Digest digest, ByteRange? range = null)
    {
        await using ObjectContent? content = await Content.OpenAsync(digest, range, Token);
        return await ReadAsync(content!);
    }

    public static async Task<byte[]> ReadAsync(ObjectContent content)
    {
        Assert.True(content.IsVerified);
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }

    public string PathOf(Digest digest) => Cache.Entries!.Folder.PathOf(digest);

    public bool Has(Digest digest) => File.Exists(PathOf(digest)) && Cache.Entries!.Index.Contains(EntryKey.Of(digest));

    /// <summary>Waits until content lies on disk.</summary>
    public Task IsEntryAsync(Digest digest) => Eventually.HoldsAsync(() => Task.FromResult(Has(digest)), $"{digest} is an entry");

    /// <summary>Waits until nothing is being written.</summary>
    public Task IsQuietAsync() => Eventually.HoldsAsync(() => Task.FromResult(Cache.UnderWay == 0 && Filling.Length == 0), "nothing is left in filling");

    public string[] Filling => Directory.GetFiles(Path.Combine(Settings.Directory, "filling"));

    public void Dispose()
    {
        Cache.Dispose();
        SpinWait.SpinUntil(() => Cache.UnderWay == 0, TimeSpan.FromSeconds(30));
        Store.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private DiskCache Start()
    {
        var counting = new CountingStore(Store, () => Interlocked.Increment(ref _opened));
        var cache = new DiskCache(counting, new RangeFetcher(counting), Settings, Time, NullLogger<DiskCache>.Instance);
        Assert.True(cache.Open());
        cache.Entries!.Load();
        Content = new ContentStore(counting, cache);
        return cache;
    }
}
