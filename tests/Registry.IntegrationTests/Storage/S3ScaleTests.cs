using System.Diagnostics;
using System.Globalization;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers.S3;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Storage;

/// <summary>
/// Pages of a bucket with many repositories and of a repository with many tags: what a page costs in calls depends on the page, not on the bucket.
/// <c>LOCALREGISTRY_LIST_ENTRIES</c> says how many there are.
/// </summary>
public sealed class S3ScaleTests(S3Fixture s3)
{
    private const int PageSize = 100;
    private const int ConcurrentWrites = 48;
    private const int RepositoriesOfTeam = 100;

    // As many folders as are opened ahead of the one that is being read.
    private const int Ahead = 32;

    private static readonly int Entries =
        int.TryParse(Environment.GetEnvironmentVariable("LOCALREGISTRY_LIST_ENTRIES"), NumberStyles.None, CultureInfo.InvariantCulture, out int entries) ? entries : 2000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_of_repositories_side_by_side_costs_a_call_for_each()
    {
        using CountedStore store = await CreateAsync(i => KeyLayout.TagCurrentLink(new RepositoryName(Flat(i)), "v1"));
        var listing = new RepositoryListing(store.Store);

        await AssertPageAsync(store, "first", ListPosition.Beginning, Flat(0), true, 1 + PageSize + 1);
        // The folder of the name that the page begins after may hold more, and is looked at as well.
        await AssertPageAsync(store, "middle", new ListPosition(Flat((Entries / 2) - 1)), Flat(Entries / 2), true, 1 + 1 + PageSize + 1);
        await AssertPageAsync(store, "last", new ListPosition(Flat(Entries - PageSize - 1)), Flat(Entries - PageSize), false, 1 + 1 + PageSize);

        Task AssertPageAsync(CountedStore counted, string page, ListPosition position, string first, bool hasMore, int calls) =>
            S3ScaleTests.AssertPageAsync(counted, $"{page} page of the catalog", () => listing.RepositoriesAsync(MirrorTable.None, position, PageSize, Token), first, hasMore, calls, calls);
    }

    [Fact]
    public async Task Page_of_repositories_in_folders_costs_a_call_for_each_and_for_the_folders_ahead()
    {
        using CountedStore store = await CreateAsync(i => KeyLayout.TagCurrentLink(new RepositoryName(InTeam(i)), "v1"));
        var listing = new RepositoryListing(store.Store);
        int ahead = Math.Min(Ahead, Entries / RepositoriesOfTeam);
        int middle = (Entries / 2) + (RepositoriesOfTeam / 2);

        await AssertPageAsync("first", ListPosition.Beginning, InTeam(0), true, 1 + ahead + PageSize + 1);
        await AssertPageAsync("middle", new ListPosition(InTeam(middle - 1)), InTeam(middle), true, 3 + ahead + PageSize + 1);
        await AssertPageAsync("last", new ListPosition(InTeam(Entries - PageSize - 1)), InTeam(Entries - PageSize), false, 4 + PageSize);

        Task AssertPageAsync(string page, ListPosition position, string first, bool hasMore, int most) => S3ScaleTests.AssertPageAsync(
            store, $"{page} page of the catalog, in folders", () => listing.RepositoriesAsync(MirrorTable.None, position, PageSize, Token), first, hasMore, PageSize, most);
    }

    [Fact]
    public async Task Page_of_tags_costs_a_call_for_each_thousand()
    {
        var name = new RepositoryName("team/app");
        using CountedStore store = await CreateAsync(i => KeyLayout.TagCurrentLink(name, Flat(i)));
        var listing = new RepositoryListing(store.Store);

        await AssertPageAsync("first", ListPosition.Beginning, Flat(0), true);
        await AssertPageAsync("middle", new ListPosition(Flat((Entries / 2) - 1)), Flat(Entries / 2), true);
        await AssertPageAsync("last", new ListPosition(Flat(Entries - PageSize - 1)), Flat(Entries - PageSize), false);

        Task AssertPageAsync(string page, ListPosition position, string first, bool hasMore) => S3ScaleTests.AssertPageAsync(
            store, $"{page} page of tags", async () => (await listing.TagsAsync(name, position, PageSize, Token))!, first, hasMore, 1, 1);
    }

    private static string Flat(int i) => string.Create(CultureInfo.InvariantCulture, $"app{i:00000}");

    private static string InTeam(int i) => string.Create(CultureInfo.InvariantCulture, $"team{i / RepositoriesOfTeam:000}/app{i:00000}");

    private static async Task AssertPageAsync(CountedStore store, string what, Func<Task<ListPage>> readAsync, string first, bool hasMore, int fewest, int most)
    {
        // What the first call to a server takes is not what a page takes.
        _ = await readAsync();
        store.Calls = 0;
        long start = Stopwatch.GetTimestamp();
        ListPage page = await readAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{what} of {Entries}: {store.Calls} calls, {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");

        Assert.Equal((first, PageSize, hasMore), (page.Entries[0], page.Entries.Count, page.HasMore));
        Assert.InRange(store.Calls, fewest, most);
    }

    private async Task<CountedStore> CreateAsync(Func<int, string> keyOf)
    {
        var store = new CountedStore(s3, await s3.CreateBucketAsync(encrypted: false));
        long start = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Entries, new ParallelOptions { MaxDegreeOfParallelism = ConcurrentWrites, CancellationToken = Token }, async (i, token) =>
            await store.Store.WriteAsync(keyOf(i), new byte[] { 1 }, onlyIfAbsent: false, token));
        TestContext.Current.TestOutputHelper!.WriteLine($"{Entries} objects written in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        return store;
    }

    private sealed class CountedStore : IDisposable
    {
        private int _calls;

        public CountedStore(S3Fixture s3, string bucket)
        {
            var client = S3ClientFactory.CreateS3(s3.Driver(bucket));
            client.BeforeRequestEvent += (_, _) => Interlocked.Increment(ref _calls);
            Store = new S3Store(s3.Driver(bucket), client);
        }

        public S3Store Store { get; }

        public int Calls
        {
            get => Volatile.Read(ref _calls);
            set => Volatile.Write(ref _calls, value);
        }

        public void Dispose() => Store.Dispose();
    }
}
