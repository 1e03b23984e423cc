using LocalRegistry.Registry.Storage.Drivers;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>What every driver must do alike. Each test works below a folder of its own.</summary>
public abstract class ObjectStoreContract : IAsyncLifetime
{
    /// <summary>The least that S3 takes as a part that is not the last.</summary>
    private const int PartSize = 5 * 1024 * 1024;

    // In the order of a store: an object has no slash, so "b" comes before what begins with it.
    private static readonly string[] Folders = ["0", "a-b-c", "a-b", "a.b", "a", "a0", "a_b", "b", "b-c"];

    private readonly string _folder = $"docker/registry/v2/{Guid.NewGuid():N}/";
    private IObjectStore? _store;

    private protected IObjectStore Store => _store!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await ClearAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(PartSize + 1)]
    public async Task Write_can_be_read_back_whole(int size)
    {
        byte[] content = TestContent.Bytes(size);

        Assert.True(await Store.WriteAsync(Key("a/data"), content, onlyIfAbsent: false, Token));

        Assert.Equal(size, await Store.StatAsync(Key("a/data"), Token));
        await AssertContentAsync(content, "a/data");
    }

    [Fact]
    public async Task Stat_and_open_of_what_is_not_there_are_null()
    {
        await WriteAsync("a/b/data", [1]);

        foreach (string key in (string[])["absent", "a", "a/b", "a/b/dat", "a/b/data2"])
        {
            Assert.Null(await Store.StatAsync(Key(key), Token));
        }

        Assert.Null(await Store.OpenAsync(Key("absent"), 0, null, Token));
        Assert.Null(await Store.OpenAsync(Key("absent/deeper"), 0, 10, Token));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 1000)]
    [InlineData(0, 5000)]
    [InlineData(400, 100)]
    [InlineData(999, 1)]
    [InlineData(900, 5000)]
    [InlineData(900, null)]
    [InlineData(0, null)]
    public async Task Open_range_gives_those_bytes_and_the_size_of_all(int offset, int? length)
    {
        byte[] content = TestContent.Bytes(1000);
        await WriteAsync("data", content);

        (long size, byte[] read) = await ReadAsync("data", offset, length);

        Assert.Equal(1000, size);
        Assert.Equal(content.Skip(offset).Take(length ?? 1000), read);
    }

    [Fact]
    public async Task Write_replaces_what_is_there_unless_it_must_be_absent()
    {
        Assert.True(await Store.WriteAsync(Key("data"), TestContent.Bytes(10, 1), onlyIfAbsent: true, Token));
        Assert.False(await Store.WriteAsync(Key("data"), TestContent.Bytes(20, 2), onlyIfAbsent: true, Token));
        (_, byte[] kept) = await ReadAsync("data");
        Assert.True(await Store.WriteAsync(Key("data"), TestContent.Bytes(5, 3), onlyIfAbsent: false, Token));

        Assert.Equal(TestContent.Bytes(10, 1), kept);
        await AssertContentAsync(TestContent.Bytes(5, 3), "data");
    }

    [Fact]
    public async Task Write_only_if_absent_by_many_at_once_is_won_by_one()
    {
        bool[] won = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => Store.WriteAsync(Key("data"), TestContent.Bytes(1000, i), onlyIfAbsent: true, Token)));

        int winner = Assert.Single(Enumerable.Range(0, 8), i => won[i]);
        await AssertContentAsync(TestContent.Bytes(1000, winner), "data");
    }

    [Fact]
    public async Task Parts_are_joined_by_number_whatever_their_order()
    {
        byte[] content = TestContent.Bytes((2 * PartSize) + 100);
        await using (IPartWriter parts = await Store.BeginAsync(Key("data"), Token))
        {
            await Task.WhenAll(
                parts.WriteAsync(3, content.AsMemory(2 * PartSize), Token),
                parts.WriteAsync(1, content.AsMemory(0, PartSize), Token),
                parts.WriteAsync(2, content.AsMemory(PartSize, PartSize), Token));
            Assert.Null(await Store.StatAsync(Key("data"), Token));
            Assert.True(await parts.CompleteAsync(onlyIfAbsent: true, Token));
        }

        await AssertContentAsync(content, "data");
        Assert.Equal([Key("data")], await KeysAsync());
    }

    [Fact]
    public async Task Parts_with_gaps_between_their_numbers_are_joined_in_their_order()
    {
        byte[] content = TestContent.Bytes((2 * PartSize) + 100);
        await using (IPartWriter parts = await Store.BeginAsync(Key("data"), Token))
        {
            await parts.WriteAsync(1, content.AsMemory(0, PartSize), Token);
            await parts.WriteAsync(10_000, content.AsMemory(2 * PartSize), Token);
            await parts.WriteAsync(200, content.AsMemory(PartSize, PartSize), Token);
            Assert.Equal([(1, PartSize), (200, PartSize), (10_000, 100)], parts.Progress.Parts.Select(p => (p.Number, p.Size)));
            Assert.True(await parts.CompleteAsync(onlyIfAbsent: true, Token));
        }

        await AssertContentAsync(content, "data");
    }

    [Fact]
    public async Task Parts_completed_over_an_object_replace_it_unless_it_must_be_absent()
    {
        await WriteAsync("data", [1]);

        Assert.False(await WritePartAsync("data", [2], onlyIfAbsent: true));
        await AssertContentAsync([1], "data");
        Assert.True(await WritePartAsync("data", [3, 3], onlyIfAbsent: false));
        await AssertContentAsync([3, 3], "data");
        await AssertNothingUnfinishedAsync();
    }

    [Fact]
    public async Task Parts_that_are_not_completed_leave_nothing()
    {
        IPartWriter parts = await Store.BeginAsync(Key("folder/data"), Token);
        await parts.WriteAsync(1, TestContent.Bytes(PartSize), Token);
        await parts.WriteAsync(2, TestContent.Bytes(10), Token);
        List<string> meanwhile = await KeysAsync();
        await parts.DisposeAsync();

        Assert.Empty(meanwhile);
        Assert.Empty(await KeysAsync());
        await AssertNothingUnfinishedAsync();
    }

    [Fact]
    public async Task Parts_left_to_another_writer_are_completed_by_it()
    {
        byte[] content = TestContent.Bytes((2 * PartSize) + 100);
        PartsSoFar soFar;
        await using (IPartWriter first = await Store.BeginAsync(Key("folder/data"), Token))
        {
            await first.WriteAsync(1, content.AsMemory(0, PartSize), Token);
            soFar = first.Progress;
            await first.WriteAsync(2, new byte[PartSize], Token);
            first.Leave();
        }

        await using (IPartWriter second = Store.Resume(Key("folder/data"), soFar))
        {
            await second.WriteAsync(2, content.AsMemory(PartSize, PartSize), Token);
            await second.WriteAsync(3, content.AsMemory(2 * PartSize), Token);
            Assert.Equal(3, second.Progress.Parts.Count);
            Assert.True(await second.CompleteAsync(onlyIfAbsent: true, Token));
        }

        await AssertContentAsync(content, "folder/data");
        await AssertNothingUnfinishedAsync();
    }

    [Fact]
    public async Task Part_that_another_writer_wrote_again_is_not_taken_for_the_former()
    {
        IPartWriter first = await Store.BeginAsync(Key("data"), Token);
        await first.WriteAsync(1, TestContent.Bytes(PartSize), Token);
        PartsSoFar soFar = first.Progress;
        await using IPartWriter second = Store.Resume(Key("data"), soFar);
        await second.WriteAsync(2, TestContent.Bytes(10, 2), Token);
        await first.WriteAsync(2, TestContent.Bytes(10, 1), Token);

        try
        {
            await second.CompleteAsync(onlyIfAbsent: true, Token);
        }
        catch (StoreException e)
        {
            Assert.Equal(nameof(StoreFailure.Missing), e.Kind.ToString());
            Assert.Null(await Store.StatAsync(Key("data"), Token));
            await first.DisposeAsync();
            return;
        }

        first.Leave();
        await AssertContentAsync([.. TestContent.Bytes(PartSize), .. TestContent.Bytes(10, 2)], "data");
    }

    [Fact]
    public async Task Unfinished_objects_are_listed_with_their_beginning_until_they_are_aborted_and_cannot_be_gone_on_with_then()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        await using IPartWriter elsewhere = await Store.BeginAsync(Key("y/data"), Token);
        await using IPartWriter parts = await Store.BeginAsync(Key("x/folder/data"), Token);
        await parts.WriteAsync(1, TestContent.Bytes(PartSize), Token);
        parts.Leave();

        List<UnfinishedObject> listed = await UnfinishedAsync("x/");
        foreach (UnfinishedObject each in listed)
        {
            await Store.AbortAsync(each, Token);
            await Store.AbortAsync(each, Token);
        }

        Assert.NotEmpty(listed);
        Assert.All(listed, u => Assert.StartsWith(Key("x/folder/"), u.Key, StringComparison.Ordinal));
        Assert.All(listed, u => Assert.InRange(u.Begun, before - TimeSpan.FromMinutes(10), TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(10)));
        Assert.Empty(await UnfinishedAsync("x/"));
        Assert.NotEmpty(await UnfinishedAsync("y/"));

        // Not every store other than AWS says that it is missing.
        await Assert.ThrowsAsync<StoreException>(() => parts.CompleteAsync(onlyIfAbsent: true, Token));
        Assert.Empty(await KeysAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Copy_replaces_the_destination_and_keeps_the_source(int size)
    {
        await WriteAsync("source", TestContent.Bytes(size));
        await WriteAsync("destination", [1]);

        await Store.CopyAsync(Key("source"), Key("destination"), size, Token);

        await AssertContentAsync(TestContent.Bytes(size), "destination");
        await AssertContentAsync(TestContent.Bytes(size), "source");
    }

    [Fact]
    public async Task Copy_of_what_is_not_there_says_that_it_is_missing()
    {
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => Store.CopyAsync(Key("absent"), Key("destination"), 1000, Token));

        Assert.Equal(StoreFailure.Missing, failure.Kind);
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task Delete_removes_the_object_alone_and_is_content_if_there_is_none()
    {
        await WriteAsync("a/data", [1]);
        await WriteAsync("a/data2", [2]);

        await Store.DeleteAsync(Key("a/data"), Token);
        await Store.DeleteAsync(Key("a/data"), Token);
        await Store.DeleteAsync(Key("absent/folder/data"), Token);

        Assert.Equal([Key("a/data2")], await KeysAsync());
    }

    [Fact]
    public async Task Delete_folder_removes_all_below_it_and_nothing_beside_it()
    {
        foreach (string key in (string[])["x/v1/current/link", "x/v1/index/sha256/1/link", "x/v1/index/sha256/2/link", "x/v10/current/link", "x/v", "v1/data"])
        {
            await WriteAsync(key, [1]);
        }

        Assert.True(await Store.DeleteFolderAsync(Key("x/v1/"), Token));
        Assert.False(await Store.DeleteFolderAsync(Key("x/v1/"), Token));
        Assert.False(await Store.DeleteFolderAsync(Key("absent/folder/"), Token));

        Assert.Equal(["v", "v10"], await ListAsync("x/"));
        Assert.Equal([Key("v1/data"), Key("x/v"), Key("x/v10/current/link")], await KeysAsync());
    }

    [Fact]
    public async Task List_gives_the_names_right_below_a_folder()
    {
        foreach (string key in (string[])["x/b/data", "x/b/c/data", "x/bb/data", "x/a", "x/_m/link", "xx/data"])
        {
            await WriteAsync(key, [1]);
        }

        Assert.Equal(["_m", "a", "b", "bb"], await ListAsync("x/"));
        Assert.Equal(["c", "data"], await ListAsync("x/b/"));
        Assert.Empty(await ListAsync("absent/"));
        Assert.Empty(await ListAsync("x/a/"));
    }

    [Fact]
    public async Task List_is_in_the_order_of_keys_where_a_folder_has_its_slash()
    {
        await WriteFoldersAsync();

        Assert.Equal(Folders, await ListAsync("x/"));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("0", 0)]
    [InlineData("a", 1)]
    [InlineData("a-", 1)]
    [InlineData("a-b", 1)]
    [InlineData("a-c", 3)]
    [InlineData("a-b-d", 2)]
    [InlineData("a-b0", 3)]
    [InlineData("a.b", 3)]
    [InlineData("a0", 5)]
    [InlineData("a00", 6)]
    [InlineData("aa", 7)]
    [InlineData("b", 8)]
    [InlineData("c", 9)]
    [InlineData("~", 9)]
    public async Task List_goes_on_after_a_text_and_still_gives_the_folder_of_that_name(string after, int from)
    {
        await WriteFoldersAsync();

        Assert.Equal(Folders[from..], await ListAsync("x/", after));
    }

    [Fact]
    public async Task Probe_of_a_store_that_works_says_nothing() => await Store.ProbeAsync(Token);

    private protected abstract Task<IObjectStore> CreateAsync();

    /// <summary>Takes away what the tests have left behind.</summary>
    private protected abstract Task ClearAsync();

    /// <summary>Fails if the driver holds parts, temporary files or the like of objects that were never completed.</summary>
    private protected abstract Task AssertNothingUnfinishedAsync();

    private protected string Key(string name) => _folder + name;

    private protected async Task WriteAsync(string name, byte[] content) =>
        Assert.True(await Store.WriteAsync(Key(name), content, onlyIfAbsent: false, Token));

    private protected async Task<(long Size, byte[] Content)> ReadAsync(string name, long offset = 0, long? length = null)
    {
        await using ObjectContent? content = await Store.OpenAsync(Key(name), offset, length, Token);
        Assert.NotNull(content);
        using var copy = new MemoryStream();
        await content.Stream.CopyToAsync(copy, Token);
        return (content.Size, copy.ToArray());
    }

    private async Task AssertContentAsync(byte[] expected, string name)
    {
        (long size, byte[] content) = await ReadAsync(name);
        Assert.Equal(expected.Length, size);
        Assert.Equal(expected, content);
    }

    private Task<List<string>> KeysAsync() => Store.KeysAsync(_folder);

    private async Task<List<UnfinishedObject>> UnfinishedAsync(string folder)
    {
        var unfinished = new List<UnfinishedObject>();
        await foreach (UnfinishedObject each in Store.ListUnfinishedAsync(Key(folder), Token))
        {
            unfinished.Add(each);
        }

        return unfinished;
    }

    private async Task<bool> WritePartAsync(string name, byte[] content, bool onlyIfAbsent)
    {
        await using IPartWriter parts = await Store.BeginAsync(Key(name), Token);
        await parts.WriteAsync(1, content, Token);
        return await parts.CompleteAsync(onlyIfAbsent, Token);
    }

    private async Task WriteFoldersAsync()
    {
        foreach (string name in Folders)
        {
            await WriteAsync(name == "b" ? "x/b" : $"x/{name}/link", [1]);
        }
    }

    private async Task<List<string>> ListAsync(string folder, string? after = null)
    {
        var names = new List<string>();
        await foreach (string name in Store.ListAsync(Key(folder), after, Token))
        {
            names.Add(name);
        }

        return names;
    }
}
