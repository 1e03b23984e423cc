using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers.S3;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Storage;

/// <summary>Pages of tags and of the catalog from a bucket, whose order of folders is not that of names.</summary>
public sealed class S3ListingTests(S3Fixture s3)
{
    private static readonly RepositoryName Name = new("team/app");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Tags_are_complete_and_in_lexical_order_page_after_page(int count)
    {
        string[] tags = ["0", "0-1", "B", "_x", "a", "a-", "a--b", "a-b", "a-b-c", "a.", "a.b", "a0", "a_b", "aa"];
        using S3Store store = await CreateAsync(tags.Reverse().Select(t => KeyLayout.TagCurrentLink(Name, t)));
        var listing = new RepositoryListing(store);

        List<string> paged = await AllAsync(async p => await listing.TagsAsync(Name, p, count, Token) ?? ListPage.Empty);

        Assert.Equal(tags, paged);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Repositories_are_complete_and_in_lexical_order_page_after_page(int count)
    {
        string[] names = ["0", "a", "a-b", "a-b/a", "a.b/a", "a/0", "a/a", "a/a-b", "a/a/a", "a0", "a0/a", "a_b", "team-a/app", "team/app", "team0"];
        using S3Store store = await CreateAsync(names.Reverse().Select(n => KeyLayout.TagCurrentLink(new RepositoryName(n), "v1")));
        var listing = new RepositoryListing(store);

        List<string> paged = await AllAsync(p => listing.RepositoriesAsync(MirrorTable.None, p, count, Token));

        Assert.Equal(names, paged);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a<&>\"'+%2F b")]
    [InlineData("a\u00e9")]
    [InlineData("a/../b")]
    [InlineData("a//")]
    [InlineData("~")]
    [InlineData("/")]
    public async Task Any_text_can_be_gone_on_after(string after)
    {
        string[] names = ["0", "a", "a/a", "aa", "b"];
        using S3Store store = await CreateAsync(names.Select(n => KeyLayout.TagCurrentLink(new RepositoryName(n), "v1")));

        ListPage page = await new RepositoryListing(store).RepositoriesAsync(MirrorTable.None, ListPosition.Parse(after), 10, Token);

        Assert.Equal(names.Where(n => string.CompareOrdinal(n, after) > 0), page.Entries);
    }

    private static async Task<List<string>> AllAsync(Func<ListPosition, Task<ListPage>> readAsync)
    {
        var all = new List<string>();
        ListPage page;
        do
        {
            page = await readAsync(all.Count == 0 ? ListPosition.Beginning : new ListPosition(all[^1]));
            all.AddRange(page.Entries);
        }
        while (page.HasMore && all.Count < 100);
        return all;
    }

    private async Task<S3Store> CreateAsync(IEnumerable<string> keys)
    {
        var driver = s3.Driver(await s3.CreateBucketAsync(encrypted: true));
        var store = new S3Store(driver, S3ClientFactory.CreateS3(driver));
        foreach (string key in keys)
        {
            await store.WriteAsync(key, new byte[] { 1 }, onlyIfAbsent: false, Token);
        }

        return store;
    }
}
