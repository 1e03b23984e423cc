using LocalRegistry.Registry.Storage.Drivers;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class FileSystemStoreTests : ObjectStoreContract
{
    // Relative, as a configuration may have it.
    private readonly string _root = Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(Path.GetTempPath(), $"registry-{Guid.NewGuid():N}"));

    [Fact]
    public async Task Write_leaves_no_file_but_the_object()
    {
        await WriteAsync("data", [1]);
        Assert.False(await Store.WriteAsync(Key("data"), new byte[] { 2 }, onlyIfAbsent: true, TestContext.Current.CancellationToken));
        await Store.CopyAsync(Key("data"), Key("copy"), 1, TestContext.Current.CancellationToken);

        Assert.Equal(["copy", "data"], Files().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Open_reads_on_while_the_object_is_replaced_and_deleted()
    {
        byte[] content = TestContent.Bytes(100_000);
        await WriteAsync("data", content);
        await using ObjectContent? open = await Store.OpenAsync(Key("data"), 0, null, TestContext.Current.CancellationToken);

        await WriteAsync("data", [1]);
        await Store.DeleteAsync(Key("data"), TestContext.Current.CancellationToken);
        byte[] read = new byte[content.Length];
        await open!.Stream.ReadExactlyAsync(read, TestContext.Current.CancellationToken);

        Assert.Equal(content, read);
    }

    [Fact]
    public async Task Store_whose_root_cannot_be_made_fails_as_a_store_does()
    {
        string file = Path.GetTempFileName();
        using var store = new FileSystemStore(Path.Combine(file, "root"));

        await Assert.ThrowsAsync<StoreException>(() => store.ProbeAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<StoreException>(() => store.WriteAsync("data", new byte[] { 1 }, onlyIfAbsent: false, TestContext.Current.CancellationToken));
        File.Delete(file);
    }

    private protected override Task<IObjectStore> CreateAsync() => Task.FromResult<IObjectStore>(new FileSystemStore(_root));

    private protected override Task ClearAsync()
    {
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }

        return Task.CompletedTask;
    }

    private protected override Task AssertNothingUnfinishedAsync()
    {
        Assert.DoesNotContain(Files(), f => f.StartsWith('.'));
        return Task.CompletedTask;
    }

    private IEnumerable<string> Files() =>
        Directory.EnumerateFiles(_root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(f => Path.GetFileName(f));
}
