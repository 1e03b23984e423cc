using System.Runtime.Versioning;
using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Cache;

[SupportedOSPlatform("linux")]
public sealed class CacheFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cache-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Folder_that_holds_something_else_is_refused_and_left_alone()
    {
        string file = Path.Combine(_root, "filling", "precious");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "precious");

        Assert.Null(CacheFolder.Open(_root, out string? problem));
        Assert.Contains("--cache", problem, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(file));
        Assert.Single(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public void File_in_place_of_the_folder_is_refused()
    {
        string file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        Assert.Null(CacheFolder.Open(file, out string? problem));
        Assert.Contains(file, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_file_system_is_taken()
    {
        Directory.CreateDirectory(Path.Combine(_root, "lost+found"));
        using CacheFolder? folder = CacheFolder.Open(_root, out string? problem);
        Assert.True(folder is not null, problem);
    }

    [Fact]
    public void Second_process_finds_it_held_until_the_first_has_gone()
    {
        using (CacheFolder? first = CacheFolder.Open(_root, out _))
        {
            Assert.NotNull(first);
            Assert.Null(CacheFolder.Open(_root, out string? problem));
            Assert.Contains("another process", problem, StringComparison.Ordinal);
        }

        using CacheFolder? next = CacheFolder.Open(_root, out _);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Nobody_else_can_read_it_and_nothing_unfinished_is_left()
    {
        using var bed = new CacheBed();
        Digest digest = await bed.CacheAsync(TestContent.Bytes(300_000));
        string left = Path.Combine(bed.Settings.Directory, "filling", "left");
        await File.WriteAllTextAsync(left, "left", CacheBed.Token);
        bed.Restart();

        Assert.False(File.Exists(left));
        Assert.True(bed.Has(digest));
        Assert.All(Directory.GetDirectories(bed.Settings.Directory, "*", SearchOption.AllDirectories).Append(bed.Settings.Directory), f =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(f)));
        Assert.All(Directory.GetFiles(bed.Settings.Directory, "*", SearchOption.AllDirectories), f =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task Files_that_no_entry_is_named_like_are_left_alone()
    {
        using var bed = new CacheBed();
        Digest digest = await bed.CacheAsync(TestContent.Bytes(10));
        string stranger = Path.Combine(Path.GetDirectoryName(bed.PathOf(digest))!, "README");
        await File.WriteAllTextAsync(stranger, "read me", CacheBed.Token);
        bed.Restart();
        Assert.Equal(1, bed.Cache.Entries!.Index.Count);
        Assert.True(File.Exists(stranger));
    }
}
