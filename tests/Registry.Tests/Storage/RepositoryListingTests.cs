using System.Globalization;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Mirror;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class RepositoryListingTests : IDisposable
{
    private static readonly RepositoryName Name = new("team/app");
    private static readonly string[] Components = ["a", "a-b", "a--b", "a-b-c", "a.b", "a.b-c", "a_b", "a__b", "a0", "a1", "0", "0-1", "b", "aa"];
    private static readonly string[] TagPieces = ["a", "b", "A", "-", ".", "_", "0", "1", "-", "."];

    private readonly InMemoryStore _inner = new();
    private readonly FaultyStore _store;
    private readonly RepositoryListing _listing;
    private int _lists;

    public RepositoryListingTests()
    {
        _store = new FaultyStore(_inner) { Before = CountAsync };
        _listing = new RepositoryListing(_store);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _inner.Dispose();

    [Fact]
    public async Task Tags_paged_by_any_number_are_the_sorted_whole()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var name = new RepositoryName($"app{seed}");
            var tags = new SortedSet<string>(StringComparer.Ordinal);
            for (int i = random.Next(1, 40); i > 0; i--)
            {
                string tag = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.GetItems(TagPieces, 1)[0]));
                if (Reference.IsTag(tag))
                {
                    tags.Add(tag);
                    await WriteAsync(KeyLayout.TagCurrentLink(name, tag));
                }
            }

            await WriteAsync($"{KeyLayout.Tags(name)}no tag/current/link");
            int count = random.Next(1, 9);
            List<string> paged = await AllAsync(count, async p => (await _listing.TagsAsync(name, p, count, Token)) ?? ListPage.Empty);

            Assert.True(tags.SequenceEqual(paged), $"seed {seed}, n={count}: {string.Join(' ', paged)} is not {string.Join(' ', tags)}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repositories_paged_by_any_number_are_the_sorted_whole_of_what_is_served(bool limited)
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            MirrorTable served = limited ? Serving([.. Enumerable.Range(0, 3).Select(_ => NextName(random) + random.GetItems(["", "/*"], 1)[0])]) : MirrorTable.None;
            SortedSet<string> names = await WriteRepositoriesAsync(random);
            string[] expected = [.. names.Where(served.Serves)];
            int count = random.Next(1, 9);

            List<string> paged = await AllAsync(count, p => _listing.RepositoriesAsync(served, p, count, Token));

            Assert.True(expected.SequenceEqual(paged), $"seed {seed}, n={count}: {string.Join(' ', paged)} is not {string.Join(' ', expected)}");
            foreach (string key in await _inner.KeysAsync())
            {
                await _inner.DeleteAsync(key, Token);
            }
        }
    }

    [Fact]
    public async Task Page_begins_right_after_any_text_whatever()
    {
        var random = new Random(1);
        SortedSet<string> names = await WriteRepositoriesAsync(random);
        foreach (string after in (string[])[.. names, .. names.Select(n => n + "/"), .. names.Select(n => n + "-"), .. names.Select(n => n + "\u00e9"),
            .. names.Select(n => n[..^1]), "", "/", "//", "a//b", "A", "a/..", "../a", "~", "\0", "a/_manifests", new string('a', 5000)])
        {
            ListPage page = await _listing.RepositoriesAsync(MirrorTable.None, ListPosition.Parse(after), 5, Token);

            string[] rest = [.. names.Where(n => string.CompareOrdinal(n, after) > 0)];
            Assert.Equal((after, string.Join(' ', rest.Take(5)), rest.Length > 5), (after, string.Join(' ', page.Entries), page.HasMore));
        }
    }

    [Fact]
    public async Task Page_of_tags_costs_a_few_lists_however_many_tags_there_are()
    {
        foreach (int i in Enumerable.Range(0, 3000))
        {
            await WriteAsync(KeyLayout.TagCurrentLink(Name, $"v1-{i:0000}"));
        }

        await WriteAsync(KeyLayout.TagCurrentLink(Name, "v1"));
        _lists = 0;

        ListPage? first = await _listing.TagsAsync(Name, ListPosition.Beginning, 2, Token);
        ListPage? later = await _listing.TagsAsync(Name, new ListPosition("v1-1499"), 2, Token);

        AssertPage(["v1", "v1-0000"], true, first);
        AssertPage(["v1-1500", "v1-1501"], true, later);
        Assert.Equal(3, _lists);
    }

    [Fact]
    public async Task Page_of_the_catalog_looks_at_no_more_folders_than_it_needs()
    {
        foreach (int i in Enumerable.Range(0, 1000))
        {
            await WriteRepositoryAsync($"before/app{i:000}");
            await WriteRepositoryAsync($"team/app{i:000}");
        }

        _lists = 0;
        ListPage page = await _listing.RepositoriesAsync(MirrorTable.None, new ListPosition("team/app499"), 2, Token);
        int lists = _lists;
        ListPage last = await _listing.RepositoriesAsync(Serving("team/app700", "one"), ListPosition.Beginning, 2, Token);

        AssertPage(["team/app500", "team/app501"], true, page);
        AssertPage(["team/app700"], false, last);

        // The folder that the position is in, what follows the position, and three repositories; then root, team and the one repository in it.
        Assert.InRange(lists, 1, 5);
        Assert.InRange(_lists - lists, 1, 4);
    }

    [Fact]
    public async Task Repository_with_more_below_it_than_is_looked_ahead_at_comes_before_all_that()
    {
        foreach (int i in Enumerable.Range(0, 1100))
        {
            await WriteRepositoryAsync($"app/{i:0000}");
        }

        await WriteRepositoryAsync("app");

        ListPage page = await _listing.RepositoriesAsync(MirrorTable.None, ListPosition.Beginning, 2000, Token);

        Assert.Equal(["app", .. Enumerable.Range(0, 1100).Select(i => $"app/{i:0000}")], page.Entries);
        Assert.False(page.HasMore);
    }

    [Theory]
    [InlineData("app{0:000}", 40, 32)]
    [InlineData("app{0:000}", 10, 10)]
    [InlineData("team/app{0:000}", 40, 32)]
    [InlineData("team{0:000}/app", 40, 32)]
    public async Task Folders_are_asked_for_side_by_side_and_no_more_than_the_page_has_room_for(string name, int repositories, int atOnce)
    {
        foreach (int i in Enumerable.Range(0, repositories))
        {
            await WriteRepositoryAsync(string.Format(CultureInfo.InvariantCulture, name, i));
        }

        // Until as many are being asked for as should be, none is answered. One list is of what there is, one or two more of the folder above.
        int asked = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Before = async _ =>
        {
            int before = Interlocked.Increment(ref asked) - 1 - name.Split("/app").Length;
            if (before >= 0)
            {
                if (before + 1 == atOnce)
                {
                    enough.SetResult();
                }

                await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
            }
        };

        ListPage page = await _listing.RepositoriesAsync(MirrorTable.None, ListPosition.Beginning, 35, Token);

        Assert.Equal((Math.Min(repositories, 35), repositories > 35), (page.Entries.Count, page.HasMore));
    }

    [Fact]
    public async Task Page_costs_one_list_for_each_name_and_those_above_them()
    {
        foreach (int i in Enumerable.Range(0, 200))
        {
            await WriteRepositoryAsync($"app{i:000}");
        }

        _lists = 0;
        ListPage page = await _listing.RepositoriesAsync(MirrorTable.None, new ListPosition("app049"), 100, Token);

        Assert.Equal(("app050", "app149", true), (page.Entries[0], page.Entries[^1], page.HasMore));
        // The folder of all, that which the page begins after and may hold more, those on it, and the one that says that it is not the last.
        Assert.Equal(1 + 1 + 100 + 1, _lists);
    }

    [Fact]
    public async Task Page_that_nobody_waits_for_any_more_ends_what_it_asks_for()
    {
        foreach (int i in Enumerable.Range(0, 50))
        {
            await WriteRepositoryAsync($"app{i:000}");
        }

        int asked = 0;
        using var gone = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        _store.Before = async _ =>
        {
            if (Interlocked.Increment(ref asked) > 20)
            {
                await gone.CancelAsync();
            }

            await (asked > 1 ? never.Task.WaitAsync(gone.Token) : Task.CompletedTask);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _listing.RepositoriesAsync(MirrorTable.None, ListPosition.Beginning, 40, gone.Token));
    }

    [Fact]
    public async Task Failure_of_a_folder_in_the_page_fails_the_page()
    {
        foreach (int i in Enumerable.Range(0, 50))
        {
            await WriteRepositoryAsync($"app{i:000}");
        }

        int asked = 0;
        _store.Before = _ => Interlocked.Increment(ref asked) == 10 ? Task.FromException(FaultyStore.Failure()) : Task.CompletedTask;

        await Assert.ThrowsAsync<StoreException>(() => _listing.RepositoriesAsync(MirrorTable.None, ListPosition.Beginning, 40, Token));
    }

    [Fact]
    public async Task Folder_without_a_name_is_passed_over()
    {
        await WriteRepositoryAsync("a");
        await WriteAsync($"{KeyLayout.Repositories}a//_manifests/tags/v1/current/link");
        await WriteAsync($"{KeyLayout.Repositories}/b/_manifests/tags/v1/current/link");
        await WriteAsync($"{KeyLayout.Tags(new RepositoryName("a"))}/current/link");

        ListPage page = await _listing.RepositoriesAsync(MirrorTable.None, ListPosition.Beginning, 10, Token);

        AssertPage(["a"], false, page);
        AssertPage(["v1"], false, await _listing.TagsAsync(new RepositoryName("a"), ListPosition.Beginning, 10, Token));
    }

    [Fact]
    public async Task Nothing_is_read_for_a_page_of_nothing_but_whether_there_is_the_repository()
    {
        await WriteRepositoryAsync(Name.Value);
        _lists = 0;

        ListPage catalog = await _listing.RepositoriesAsync(MirrorTable.None, ListPosition.Beginning, 0, Token);
        int lists = _lists;
        ListPage? tags = await _listing.TagsAsync(Name, ListPosition.Beginning, 0, Token);
        ListPage? absent = await _listing.TagsAsync(new RepositoryName("team"), ListPosition.Beginning, 0, Token);

        Assert.Equal((0, 2), (lists, _lists));
        Assert.Equal((ListPage.Empty, ListPage.Empty, null), (catalog, tags, absent));
    }

    private static MirrorTable Serving(params string[] patterns) =>
        new(TestMirrors.Of() with { Repositories = [.. patterns.Select(p => new RepositoryPattern(p))] });

    private static string NextName(Random random) => string.Join('/', random.GetItems(Components, random.Next(1, 4)));

    private static async Task<List<string>> AllAsync(int count, Func<ListPosition, Task<ListPage>> readAsync)
    {
        var all = new List<string>();
        ListPage page;
        do
        {
            page = await readAsync(all.Count == 0 ? ListPosition.Beginning : ListPosition.Parse(all[^1]));
            Assert.True(page.HasMore ? page.Entries.Count == count : page.Entries.Count <= count);
            all.AddRange(page.Entries);
        }
        while (page.HasMore && all.Count < 1000);
        return all;
    }

    private static void AssertPage(string[] entries, bool hasMore, ListPage? page)
    {
        Assert.NotNull(page);
        Assert.Equal(entries, page.Entries);
        Assert.Equal(hasMore, page.HasMore);
    }

    private async Task<SortedSet<string>> WriteRepositoriesAsync(Random random)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = random.Next(1, 60); i > 0; i--)
        {
            string name = NextName(random);
            names.Add(name);
            await WriteRepositoryAsync(name);
        }

        await WriteAsync($"{KeyLayout.Repositories}{NextName(random)}/only-blobs/_layers/sha256/0/link");
        await WriteAsync($"{KeyLayout.Repositories}_check/data");
        await WriteAsync($"{KeyLayout.Repositories}No Name/_manifests/tags/v1/current/link");
        return names;
    }

    private async Task WriteRepositoryAsync(string name)
    {
        await WriteAsync($"{KeyLayout.Repositories}{name}/_layers/sha256/0/link");
        await WriteAsync(KeyLayout.TagCurrentLink(new RepositoryName(name), "v1"));
    }

    private Task<bool> WriteAsync(string key) => _inner.WriteAsync(key, new byte[] { 1 }, onlyIfAbsent: false, Token);

    private Task CountAsync(string method)
    {
        _lists += method == nameof(IObjectStore.ListAsync) ? 1 : 0;
        return Task.CompletedTask;
    }
}
