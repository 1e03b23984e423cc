using LocalRegistry.Registry.Mirror.Node;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>A folder is told from another one of the same name.</summary>
public sealed class FolderWatchTests : IDisposable
{
    private static readonly string[] Mounts =
    [
        "21 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
        "30 21 254:0 /etc/containerd /etc/containerd ro,relatime - ext4 /dev/vda rw",
        "31 30 254:0 /srv/before /etc/containerd/certs.d rw,relatime - ext4 /dev/vda rw",
        "32 30 254:1 /srv/certs.d//deleted /etc/containerd/certs.d rw,relatime - ext4 /dev/vdb rw",
        @"33 21 254:0 /with\040space /a\040b\134c rw,relatime - ext4 /dev/vda rw",
        "no mount",
    ];

    private readonly NodeFolders _node = new();
    private readonly FolderWatch _watch;

    public FolderWatchTests() => _watch = new FolderWatch(_node.Root);

    [Fact]
    public void The_same_folder_is_the_same_whatever_is_in_it()
    {
        Assert.Null(_watch.Look());
        _node.Put("certs.d/docker.io/hosts.toml", "");
        Assert.Null(_watch.Look());
    }

    [Fact]
    public void One_that_is_gone_is_told()
    {
        Assert.Null(_watch.Look());
        Directory.Delete(_node.Root);

        Assert.Equal($"{_node.Root} is not there any more", _watch.Look());
    }

    [Fact]
    public void One_that_was_made_anew_is_told()
    {
        Assert.Null(_watch.Look());
        Directory.Delete(_node.Root);
        Directory.CreateDirectory(_node.Root);

        Assert.Equal($"{_node.Root} is another folder than before", _watch.Look());
    }

    [Fact]
    public void One_that_comes_later_is_the_first()
    {
        Directory.Delete(_node.Root);
        Assert.Null(_watch.Look());
        Directory.CreateDirectory(_node.Root);
        Assert.Null(_watch.Look());
        Directory.Delete(_node.Root);

        Assert.NotNull(_watch.Look());
    }

    [Theory]
    [InlineData("/etc/containerd/certs.d", "254:1 /srv/certs.d//deleted")]
    [InlineData("/etc/containerd", "254:0 /etc/containerd")]
    [InlineData(@"/a b\c", @"254:0 /with\040space")]
    [InlineData("/etc", null)]
    public void What_is_mounted_is_read(string path, string? expected) => Assert.Equal(expected, FolderWatch.SourceOf(Mounts, path));

    public void Dispose()
    {
        _watch.Dispose();
        _node.Dispose();
    }
}
