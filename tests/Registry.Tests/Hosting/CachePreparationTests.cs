using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Hosting;
using LocalRegistry.Registry.Mirror.Node;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace LocalRegistry.Registry.Tests.Hosting;

public sealed class CachePreparationTests : IDisposable
{
    private const int Open = 0x1ed; // rwxr-xr-x
    private const int OwnerAlone = 0x1c0; // rwx------

    // Only root can give files away; anybody else keeps his.
    private static readonly uint Self = Libc.EffectiveUser();
    private static readonly uint User = Self == 0 ? ImageUser.Number : Self;

    private readonly string _root = Directory.CreateTempSubdirectory("cache-").FullName;
    private readonly string _folder;
    private readonly uint _group;

    public CachePreparationTests()
    {
        _folder = Path.Combine(_root, "cache");
        Directory.CreateDirectory(_folder);
        Permit(Open);
        _group = Self == 0 ? ImageUser.Number : Look(_folder).Group;
    }

    [Fact]
    public void Prepare_gives_a_new_folder_away_and_closes_it_to_others()
    {
        Assert.Null(Prepare());

        Assert.Equal((User, _group, OwnerAlone), Owned(_folder));
    }

    [Fact]
    public void Prepare_again_changes_nothing_whatever_is_in_the_folder()
    {
        Assert.Null(Prepare());
        File.WriteAllText(Path.Combine(_folder, "anything"), "");

        Assert.Null(Prepare());

        Assert.Equal((User, _group, OwnerAlone), Owned(_folder));
        Assert.True(File.Exists(Path.Combine(_folder, "anything")));
    }

    [Fact]
    public void Prepare_closes_a_folder_that_is_the_registrys_and_open_to_others()
    {
        Assert.Null(Prepare());
        Put(CacheFolder.Marker, User);
        Permit(Open);

        Assert.Null(Prepare());

        Assert.Equal((User, _group, OwnerAlone), Owned(_folder));
    }

    [Fact]
    public void Prepare_takes_a_cache_whose_folder_alone_went_to_another()
    {
        Put(CacheFolder.Marker, User);
        Put("blob", User);

        Assert.Null(Prepare());

        Assert.Equal((User, _group, OwnerAlone), Owned(_folder));
    }

    [Theory]
    [InlineData("photo.jpg")]
    [InlineData(CacheFolder.Marker + ".old")]
    public void Prepare_refuses_a_folder_with_files_and_leaves_it_as_it_is(string name)
    {
        Put(name, Self);

        Assert.StartsWith($"{_folder} holds files, and no localregistry-cache of user {User}'s: choose another folder", Prepare(), StringComparison.Ordinal);

        Assert.Equal((Self, Open), (Owned(_folder).User, Owned(_folder).Mode));
        Assert.True(File.Exists(Path.Combine(_folder, name)));
    }

    [Fact]
    public void Prepare_is_not_taken_in_by_a_link_of_the_marks_name()
    {
        Put("real", User);
        File.CreateSymbolicLink(Path.Combine(_folder, CacheFolder.Marker), Path.Combine(_folder, "real"));

        Assert.Contains("holds files", Prepare(), StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_refuses_a_folder_of_somebody_elses()
    {
        // Neither ours nor the one to give it to: root's own to everybody but root, whose every other folder is somebody's.
        string folder = Self == 0 ? _folder : "/";
        uint owner = 0;
        if (Self == 0)
        {
            owner = 4711;
            ChangeOwner(folder, owner);
        }

        Assert.StartsWith($"{folder} belongs to user {owner}, and not to the registry", CachePreparation.Prepare(folder, User, _group), StringComparison.Ordinal);
        Assert.Equal(owner, Look(folder).User);
    }

    [Fact]
    public void Prepare_follows_no_link()
    {
        string link = Path.Combine(_root, "link");
        Directory.CreateSymbolicLink(link, _folder);

        Assert.StartsWith($"{link} cannot be opened as a folder: ", CachePreparation.Prepare(link, User, _group), StringComparison.Ordinal);
        Assert.Equal(Open, Owned(_folder).Mode);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("file")]
    public void Prepare_refuses_what_is_no_folder(string name)
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");

        Assert.Contains("cannot be opened as a folder: ", CachePreparation.Prepare(Path.Combine(_root, name), User, _group), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string? Prepare() => CachePreparation.Prepare(_folder, User, _group);

    private void Permit(int mode)
    {
        using SafeFileHandle folder = Libc.Open(_folder, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        Assert.Equal(0, Libc.Fchmod(folder, mode));
    }

    private void Put(string name, uint owner)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "");
        ChangeOwner(path, owner);
    }

    private static void ChangeOwner(string path, uint owner)
    {
        using SafeFileHandle file = Libc.Open(path, Libc.O_PATH | Libc.O_CLOEXEC, 0);
        Assert.Equal(0, Libc.FchownAt(file, "", owner, owner == Self ? Look(path).Group : owner, Libc.AT_EMPTY_PATH));
    }

    private static (uint User, uint Group, int Mode) Owned(string path)
    {
        Statx stat = Look(path);
        return (stat.User, stat.Group, stat.Mode);
    }

    private static Statx Look(string path)
    {
        using SafeFileHandle file = Libc.Open(path, Libc.O_PATH | Libc.O_CLOEXEC, 0);
        Assert.Equal(0, Libc.StatxAt(file, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, out Statx stat));
        return stat;
    }
}
