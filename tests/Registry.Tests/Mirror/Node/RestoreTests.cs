using System.Runtime.Versioning;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Xunit;
using static LocalRegistry.Registry.Tests.Mirror.Node.NodeFolders;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>The node is as it was found: content, permissions, times, folders; and nobody else's files are touched.</summary>
[SupportedOSPlatform("linux")]
public sealed class RestoreTests : IDisposable
{
    private const string Original = "# theirs\n[host.\"https://b.example\"]\r\n";

    private static readonly string[] Hosts = ["absent.example.com", "found.example.com", "empty.example.com", "certificates.example.com", "docker.io", "*"];

    private readonly NodeFolders _node = new();
    private readonly IReadOnlyList<string> _before;

    public RestoreTests()
    {
        string file = _node.Put("certs.d/found.example.com/hosts.toml", Original);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.SetLastWriteTimeUtc(file, new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Directory.CreateDirectory(Path.Combine(_node.Root, "empty.example.com"));
        _node.Put("certs.d/certificates.example.com/ca.crt", "x");
        _node.Put("certs.d/foreign.example.com/hosts.toml", "no TOML at all");
        File.CreateSymbolicLink(Path.Combine(_node.Root, "link.example.com"), _node.Second);
        _node.Put("docker/_default/hosts.toml", Original);
        _before = _node.Snapshot();
    }

    private HostsTomlWriter Writer => _node.Writer([.. Hosts.Select(h => Rule(h))]);

    [Fact]
    public void Restore_is_byte_for_byte()
    {
        Assert.All(Writer.Apply(), s => Assert.Null(s.Reason));
        Assert.NotEqual(_before, _node.Snapshot());

        IReadOnlyList<HostState> restored = Writer.Restore();

        Assert.Equal(Hosts.Length, restored.Count);
        Assert.All(restored, s => Assert.Null(s.Reason));
        Assert.Equal(_before, _node.Snapshot());
        Assert.Empty(Writer.Restore());
    }

    [Fact]
    public void Apply_restores_hosts_that_are_no_longer_asked_for()
    {
        Writer.Apply();

        Assert.Empty(_node.Writer().Apply());

        Assert.Equal(_before, _node.Snapshot());
    }

    [Fact]
    public void Restore_leaves_another_owners_files()
    {
        HostsTomlWriter other = _node.WriterOf(Other, Rule("found.example.com"), Rule("third.example.com"));
        other.Apply();
        IReadOnlyList<string> withOther = _node.Snapshot();
        _node.Writer(Rule("absent.example.com"), Rule("empty.example.com")).Apply();

        Writer.Restore();

        Assert.Equal(withOther, _node.Snapshot());
    }

    [Fact]
    public void Restore_keeps_a_folder_of_ours_that_somebody_has_put_something_into()
    {
        Writer.Apply();
        string certificate = _node.Put("certs.d/absent.example.com/ca.crt", "x");

        Assert.All(Writer.Restore(), s => Assert.Null(s.Reason));

        Assert.Equal([certificate], Directory.GetFileSystemEntries(Path.Combine(_node.Root, "absent.example.com")));
    }

    [Fact]
    public void Restore_keeps_a_folder_of_ours_with_a_folder_in_it()
    {
        Writer.Apply();
        string folder = Directory.CreateDirectory(Path.Combine(_node.Root, "absent.example.com", "sub")).FullName;

        Assert.All(Writer.Restore(), s => Assert.Null(s.Reason));

        Assert.Equal([folder], Directory.GetFileSystemEntries(Path.Combine(_node.Root, "absent.example.com")));
    }

    [Fact]
    public void Restore_leaves_a_file_that_has_replaced_ours()
    {
        Writer.Apply();
        File.WriteAllText(_node.Hosts("found.example.com"), "server = \"https://new.example\"\n");

        Writer.Restore();

        Assert.Equal("server = \"https://new.example\"\n", File.ReadAllText(_node.Hosts("found.example.com")));
        Assert.False(File.Exists(_node.Kept("found.example.com")));
    }

    [Fact]
    public void Restore_gives_back_what_was_kept_where_ours_was_deleted()
    {
        Writer.Apply();
        File.Delete(_node.Hosts("found.example.com"));

        Writer.Restore();

        Assert.Equal(_before, _node.Snapshot());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_killed_process_left_is_cleaned_up(bool byRestore)
    {
        string host = "found.example.com";
        // Killed after the link and before the rename; while a folder came; while one went.
        Assert.Null(NodeFile.Keep(_node.Hosts(host), _node.Kept(host)));
        _node.Put($"certs.d/{host}/hosts.toml.localregistry-new", "half");
        _node.Put("certs.d/.localregistry-new-absent.example.com/hosts.toml.localregistry-new", "half");
        _node.Put("certs.d/.localregistry-old-third.example.com/hosts.toml", "ours");

        IReadOnlyList<HostState> states = byRestore ? _node.Writer().Restore() : _node.Writer().Apply();

        Assert.All(states, s => Assert.Null(s.Reason));
        Assert.Equal(_before, _node.Snapshot());
    }

    [Theory]
    [InlineData("absent.example.com")]
    [InlineData("third.example.com")]
    public void What_cannot_be_cleaned_up_is_a_problem_of_its_host_alone(string host)
    {
        string stuck = Path.Combine(_node.Root, $".localregistry-old-{host}");
        Directory.CreateDirectory(Path.Combine(stuck, "hosts.toml"));
        IReadOnlyList<string> before = _node.Snapshot();

        HostState bad = Assert.Single(Writer.Apply(), s => s.Reason is not null);

        Assert.Equal((host, NodeReasons.NotWritable), (bad.Host, bad.Reason));
        Assert.Contains(stuck, bad.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_node.Kept("found.example.com")));
        Assert.Equal(host, Assert.Single(Writer.Restore(), s => s.Reason is not null).Host);
        Assert.Equal(before, _node.Snapshot());
        Directory.Delete(stuck, recursive: true);
        Assert.All(Writer.Apply(), s => Assert.Null(s.Reason));
    }

    [Fact]
    public void A_folder_that_was_going_and_is_used_again_comes_back()
    {
        _node.Put("certs.d/.localregistry-old-third.example.com/ca.crt", "x");

        _node.Writer().Apply();

        Assert.True(File.Exists(Path.Combine(_node.Root, "third.example.com", "ca.crt")));
    }

    [Fact]
    public void What_cannot_be_restored_is_told_and_the_rest_is_restored()
    {
        Writer.Apply();
        string kept = _node.Kept("found.example.com");
        File.Delete(kept);
        File.CreateSymbolicLink(kept, "/etc/passwd");

        HostState bad = Assert.Single(Writer.Restore(), s => s.Reason is not null);

        Assert.Equal("found.example.com", bad.Host);
        Assert.False(File.Exists(_node.Hosts("absent.example.com")));
        Assert.True(File.Exists(_node.Hosts("found.example.com")));
    }

    [Fact]
    public async Task Two_owners_at_once_do_not_lose_the_original()
    {
        for (int round = 0; round < 50; round++)
        {
            HostsTomlWriter[] writers = [.. new[] { Owner, Other }.Select(o => _node.WriterOf(o, Rule("found.example.com"), Rule("absent.example.com")))];

            IReadOnlyList<HostState>[] applied = await Task.WhenAll(writers.Select(w => Task.Run(w.Apply)));

            Assert.Single(applied, states => states.All(s => s.Reason is null));
            await Task.WhenAll(writers.Select(w => Task.Run(w.Restore)));
            Assert.Equal(_before, _node.Snapshot());
        }
    }

    public void Dispose() => _node.Dispose();
}
