using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Xunit;
using static LocalRegistry.Registry.Tests.Mirror.Node.NodeFolders;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>A wildcard in containerd's first folder never hides what only a later one has of a host.</summary>
public sealed class HiddenFoldersTests : IDisposable
{
    private const string Host = "reg.example.com";

    private readonly NodeFolders _node = new();

    [Theory]
    [InlineData("docker/corp.example.com/ca.crt")]
    [InlineData("docker/corp.example.com:5000/hosts.toml")]
    [InlineData("docker/corp_5000_/hosts.toml")]
    [InlineData("docker/localhost/hosts.toml")]
    public void A_wildcard_that_would_hide_a_hosts_folder_is_not_written(string path)
    {
        string folder = Path.GetDirectoryName(_node.Put(path, ""))!;
        HostsTomlWriter writer = _node.Writer(Rule("*"), Rule(Host));
        Assert.Equal(NodeReasons.HiddenExisting, writer.Inspect()[0].Reason);

        IReadOnlyList<HostState> states = writer.Apply();

        Assert.Equal([("*", NodeReasons.HiddenExisting), (Host, null)], states.Select(s => (s.Host, s.Reason)));
        Assert.Contains($"would hide {folder},", states[0].Message, StringComparison.Ordinal);
        Assert.Contains($"copy what is hidden to {_node.Root}", states[0].Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_node.Root, "_default")));
        Assert.True(File.Exists(_node.Hosts(Host)));
    }

    [Fact]
    public void A_link_is_a_hosts_folder_too_wherever_it_leads()
    {
        File.CreateSymbolicLink(Path.Combine(_node.Second, "corp.example.com"), "/not/seen/here");

        Assert.Equal(NodeReasons.HiddenExisting, Assert.Single(_node.Writer(Rule("*")).Apply()).Reason);
    }

    [Theory]
    // It is merged into the host's own.
    [InlineData("docker/reg.example.com/hosts.toml", null)]
    // It is merged into the wildcard's.
    [InlineData("docker/_default/hosts.toml", null)]
    // The first folder has the host too, as a folder or by a link, and under either name.
    [InlineData("docker/corp.example.com/hosts.toml", "certs.d/corp.example.com/ca.crt")]
    [InlineData("docker/corp.example.com:5000/hosts.toml", "certs.d/corp.example.com_5000_/hosts.toml")]
    // It was hidden before.
    [InlineData("docker/corp.example.com/hosts.toml", "certs.d/_default/hosts.toml")]
    // No image names such hosts.
    [InlineData("docker/backup/hosts.toml", null)]
    [InlineData("docker/.corp.example.com/hosts.toml", null)]
    // It is no folder.
    [InlineData("docker/README.md", null)]
    public void What_is_not_hidden_by_it_does_not_keep_the_wildcard_away(string path, string? first)
    {
        _node.Put(path, "");
        if (first is not null)
        {
            _node.Put(first, "");
        }

        Assert.All(_node.Writer(Rule("*"), Rule(Host)).Apply(), s => Assert.Null(s.Reason));

        Assert.True(File.Exists(_node.Hosts("_default")));
    }

    [Fact]
    public void A_wildcard_that_comes_to_hide_something_is_taken_back()
    {
        IReadOnlyList<string> before = _node.Snapshot();
        HostsTomlWriter writer = _node.Writer(Rule("*"));
        Assert.Null(Assert.Single(writer.Apply()).Reason);
        Directory.CreateDirectory(Path.Combine(_node.Second, "corp.example.com"));

        // So that it is seen that there is something to change.
        Assert.Equal(NodeReasons.NotWritten, Assert.Single(writer.Inspect()).Reason);
        Assert.Equal(NodeReasons.HiddenExisting, Assert.Single(writer.Apply()).Reason);

        Assert.Equal(NodeReasons.HiddenExisting, Assert.Single(writer.Inspect()).Reason);
        Directory.Delete(Path.Combine(_node.Second, "corp.example.com"));
        Assert.Equal(before.Count, _node.Snapshot().Count);
    }

    [Fact]
    public void A_host_that_is_no_longer_mirrored_is_not_hidden_for_a_moment()
    {
        _node.Put($"docker/{Host}/ca.crt", "");
        Assert.All(_node.Writer(Rule("*"), Rule(Host)).Apply(), s => Assert.Null(s.Reason));

        Assert.Equal(NodeReasons.HiddenExisting, Assert.Single(_node.Writer(Rule("*")).Apply()).Reason);

        Assert.Empty(Directory.GetDirectories(_node.Root));
    }

    [Fact]
    public void Of_many_folders_a_few_are_named()
    {
        foreach (int i in Enumerable.Range(1, 5))
        {
            _node.Put($"docker/h{i}.example.com/ca.crt", "");
        }

        string message = Assert.Single(_node.Writer(Rule("*")).Apply()).Message;

        Assert.Contains($"{_node.Second}/h3.example.com and 2 more", message, StringComparison.Ordinal);
    }

    public void Dispose() => _node.Dispose();
}
