using System.Net;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class ListApiTests : IAsyncLifetime
{
    private TestRegistry? _started;

    private TestRegistry Registry => _started!;

    public async ValueTask InitializeAsync() => _started = await TestRegistry.StartAsync(c => c with { TagsMaxEntries = 4, CatalogMaxEntries = 4 });

    public ValueTask DisposeAsync() => Registry.DisposeAsync();

    [Fact]
    public async Task Tags_are_in_lexical_order_page_after_page()
    {
        foreach (string tag in (string[])["b", "B", "a.1", "a-1", "a_1", "a", "10", "9", "_x"])
        {
            await Registry.PushImageAsync("team/app", tag);
        }

        (List<string> all, int pages) = await FollowAsync("/v2/team/app/tags/list?n=2", "tags");

        Assert.Equal(["10", "9", "B", "_x", "a", "a-1", "a.1", "a_1", "b"], all);
        Assert.Equal(5, pages);
    }

    [Fact]
    public async Task Tags_list_names_its_repository_and_head_has_the_same_headers()
    {
        await Registry.PushImageAsync("team/app", "v1");

        using HttpResponseMessage get = await Registry.GetAsync("/v2/team/app/tags/list");
        using HttpResponseMessage head = await Registry.HeadAsync("/v2/team/app/tags/list");

        Assert.Equal("""{"name":"team/app","tags":["v1"]}""", (await get.JsonAsync()).GetRawText());
        Assert.False(get.Headers.Contains("Link"));
        Assert.Equal(get.ContentHeaders(), head.ContentHeaders());
        Assert.Empty(await head.BytesAsync());
    }

    [Theory]
    [InlineData("", "a b c d", "d")]
    [InlineData("?n=1", "a", "a")]
    [InlineData("?n=4", "a b c d", "d")]
    [InlineData("?n=5", "a b c d", "d")]
    [InlineData("?n=2147483647", "a b c d", "d")]
    [InlineData("?n=0", "", null)]
    [InlineData("?last=b", "c d e", null)]
    [InlineData("?last=bb&n=1", "c", "c")]
    [InlineData("?last=e", "", null)]
    [InlineData("?last=zzz", "", null)]
    [InlineData("?last=A", "a b c d", "d")]
    [InlineData("?last=b%2Fx", "c d e", null)]
    [InlineData("?last=b%00", "c d e", null)]
    [InlineData("?last=b%C3%A9", "c d e", null)]
    [InlineData("?last=..%2F..%2Fb", "a b c d", "d")]
    [InlineData("?n=3&last=b", "c d e", null)]
    public async Task Tags_page_holds_what_n_and_last_ask_for(string query, string tags, string? next)
    {
        foreach (string tag in (string[])["a", "b", "c", "d", "e"])
        {
            await Registry.PushImageAsync("app", tag);
        }

        using HttpResponseMessage response = await Registry.GetAsync($"/v2/app/tags/list{query}");

        Assert.Equal(tags, string.Join(' ', (await response.JsonAsync()).GetProperty("tags").EnumerateArray().Select(t => t.GetString())));
        Assert.Equal(next is not null, response.Headers.Contains("Link"));
        if (next is not null)
        {
            Assert.Matches($"^</v2/app/tags/list\\?last={next}&n=[1-4]>; rel=\"next\"$", response.Header("Link"));
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public async Task Page_size_that_is_no_number_is_refused(string n)
    {
        await Registry.PushImageAsync("app", "v1");

        using HttpResponseMessage tags = await Registry.GetAsync($"/v2/app/tags/list?n={n}");
        using HttpResponseMessage catalog = await Registry.GetAsync($"/v2/_catalog?n={n}");

        await tags.AssertErrorAsync(400, "PAGINATION_NUMBER_INVALID");
        await catalog.AssertErrorAsync(400, "PAGINATION_NUMBER_INVALID");
    }

    [Theory]
    [InlineData("absent", 404, "NAME_UNKNOWN")]
    [InlineData("absent", 404, "NAME_UNKNOWN", "?n=0")]
    [InlineData("absent", 404, "NAME_UNKNOWN", "?last=x")]
    [InlineData("app/absent", 404, "NAME_UNKNOWN")]
    [InlineData("ap", 404, "NAME_UNKNOWN")]
    [InlineData("App", 400, "NAME_INVALID")]
    public async Task Tags_of_what_is_no_repository_are_refused(string name, int status, string code, string query = "")
    {
        await Registry.PushImageAsync("app", "v1");

        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{name}/tags/list{query}");

        await response.AssertErrorAsync(status, code);
    }

    [Fact]
    public async Task Tags_of_a_repository_that_has_only_blobs_are_none()
    {
        await Registry.PushBlobAsync("app", [1]);

        using HttpResponseMessage response = await Registry.GetAsync("/v2/app/tags/list");

        Assert.Equal("""{"name":"app","tags":[]}""", (await response.JsonAsync()).GetRawText());
    }

    [Fact]
    public async Task Catalog_lists_repositories_that_hold_manifests_page_after_page()
    {
        foreach (string name in (string[])["b", "a/b/c", "a", "a-b", "a/b", "aa"])
        {
            await Registry.PushImageAsync(name, "v1");
        }

        await Registry.PushBlobAsync("only/blobs", [1]);

        (List<string> all, int pages) = await FollowAsync("/v2/_catalog?n=2", "repositories");

        Assert.Equal(["a", "a-b", "a/b", "a/b/c", "aa", "b"], all);
        Assert.Equal(3, pages);
    }

    [Theory]
    [InlineData("?n=0", "", null)]
    [InlineData("?n=3", "a a-b a/b", "a%2Fb")]
    [InlineData("?n=2&last=a/b", "aa b", null)]
    [InlineData("?n=1&last=a%2Fa", "a/b", "a%2Fb")]
    [InlineData("?last=a/b/", "aa b", null)]
    [InlineData("?last=b", "", null)]
    [InlineData("?last=a%00", "a-b a/b aa b", null)]
    [InlineData("?last=..%2F..%2Fx", "a a-b a/b aa", "aa")]
    [InlineData("?last=%2F", "a a-b a/b aa", "aa")]
    public async Task Catalog_page_holds_what_n_and_last_ask_for(string query, string names, string? next)
    {
        foreach (string name in (string[])["b", "a", "a-b", "a/b", "aa"])
        {
            await Registry.PushImageAsync(name, "v1");
        }

        using HttpResponseMessage response = await Registry.GetAsync($"/v2/_catalog{query}");

        Assert.Equal(names, string.Join(' ', (await response.JsonAsync()).GetProperty("repositories").EnumerateArray().Select(t => t.GetString())));
        Assert.Equal(next is not null, response.Headers.Contains("Link"));
        if (next is not null)
        {
            Assert.Matches($"^</v2/_catalog\\?last={next}&n=[1-4]>; rel=\"next\"$", response.Header("Link"));
        }
    }

    [Fact]
    public async Task Catalog_of_an_empty_store_is_empty()
    {
        using HttpResponseMessage response = await Registry.GetAsync("/v2/_catalog");

        Assert.Equal("""{"repositories":[]}""", (await response.JsonAsync()).GetRawText());
    }

    private async Task<(List<string> Entries, int Pages)> FollowAsync(string path, string field)
    {
        var entries = new List<string>();
        int pages = 0;
        for (string? next = path; next is not null; pages++)
        {
            using HttpResponseMessage response = await Registry.GetAsync(next);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            entries.AddRange((await response.JsonAsync()).GetProperty(field).EnumerateArray().Select(e => e.GetString()!));
            next = response.Headers.Contains("Link") ? response.Header("Link").Split('<', '>')[1] : null;
        }

        return (entries, pages);
    }
}
