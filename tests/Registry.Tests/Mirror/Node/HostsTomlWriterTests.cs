using System.Runtime.Versioning;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Xunit;
using static LocalRegistry.Registry.Tests.Mirror.Node.NodeFolders;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>Where files are written, what is merged into them, and what is left alone.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostsTomlWriterTests : IDisposable
{
    private const string Host = "reg.example.com";
    private const string Original = "# theirs\nserver = \"https://reg.example.com\"\n[host.\"https://b.example\"]\nca = \"ca.pem\"\n";

    private readonly NodeFolders _node = new();

    [Fact]
    public void Apply_writes_what_inspect_misses_and_does_nothing_twice()
    {
        HostsTomlWriter writer = _node.Writer(Rule(Host), Rule("*"));
        Assert.All(writer.Inspect(), s => Assert.Equal(NodeReasons.NotWritten, s.Reason));
        Assert.DoesNotContain(_node.Snapshot(), s => s.Contains(Host, StringComparison.Ordinal));

        Assert.All(writer.Apply(), s => Assert.Null(s.Reason));
        IReadOnlyList<string> once = _node.Snapshot();
        Assert.All(writer.Apply(), s => Assert.Null(s.Reason));

        Assert.Equal(once, _node.Snapshot());
        Assert.All(writer.Inspect(), s => Assert.Null(s.Reason));
        Assert.Equal([_node.Hosts("_default"), _node.Hosts(Host)], Files());
    }

    [Fact]
    public void The_file_says_whose_it_is_and_how_to_change_it()
    {
        _node.Writer(Rule(Host)).Apply();

        string[] lines = File.ReadAllLines(_node.Hosts(Host));
        Assert.Contains($"owner={Owner} folder=made sha256=", lines[0], StringComparison.Ordinal);
        Assert.Contains("kubectl edit localregistry --namespace local-registry registry", lines[2], StringComparison.Ordinal);
        Assert.Equal(new OwnerMark(Owner, true), OwnerMark.Read(File.ReadAllBytes(_node.Hosts(Host)), out bool isAsWritten));
        Assert.True(isAsWritten);
    }

    [Fact]
    public void What_was_there_is_kept_merged_and_has_its_permissions()
    {
        string file = _node.Put($"certs.d/{Host}/hosts.toml", Original);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        _node.Writer(Rule(Host)).Apply();

        Assert.Equal(Original, File.ReadAllText(_node.Kept(Host)));
        Assert.Contains($"ca = \"{_node.Root}/{Host}/ca.pem\"", _node.Body(Host), StringComparison.Ordinal);
        // It may hold a header that is a secret.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData(null, "reg.example.com:5000")]
    [InlineData("reg.example.com:5000", "reg.example.com:5000")]
    [InlineData("reg.example.com_5000_", "reg.example.com_5000_")]
    public void A_host_with_a_port_has_the_folder_that_containerd_takes(string? existing, string expected)
    {
        if (existing is not null)
        {
            _node.Put($"certs.d/{existing}/ca.crt", "x");
        }

        _node.Writer(Rule("reg.example.com:5000")).Apply();

        Assert.Contains(_node.Hosts(expected), Files());
        Assert.Equal(existing is not null, _node.Body(expected).Contains($"ca = [\"{_node.Root}/{existing}/ca.crt\"]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_comes_before_ours_takes_its_place()
    {
        HostsTomlWriter writer = _node.Writer(Rule("reg.example.com:5000"));
        writer.Apply();
        _node.Put("certs.d/reg.example.com_5000_/hosts.toml", Original);

        Assert.All(writer.Apply(), s => Assert.Null(s.Reason));

        Assert.Equal([_node.Hosts("reg.example.com_5000_"), _node.Kept("reg.example.com_5000_")], Files());
    }

    [Fact]
    public void Certificates_beside_go_on_being_used()
    {
        foreach (string name in new[] { "a.crt", "b.crt", "c.cert", "c.key", "d.cert", "README" })
        {
            _node.Put($"certs.d/{Host}/{name}", "x");
        }

        string folder = Path.Combine(_node.Root, Host);
        _node.Writer(Rule(Host)).Apply();

        Assert.StartsWith(
            $"ca = [\"{folder}/a.crt\", \"{folder}/b.crt\"]\nclient = [[\"{folder}/c.cert\", \"{folder}/c.key\"], \"{folder}/d.cert\"]\n[host]\n",
            _node.Body(Host),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certs.d/_default/hosts.toml", "certs.d/_default")]
    [InlineData("docker/reg.example.com/hosts.toml", "docker/reg.example.com")]
    [InlineData("docker/_default/hosts.toml", "docker/_default")]
    public void What_our_folder_would_hide_is_merged(string path, string folder)
    {
        string file = _node.Put(path, Original);

        _node.Writer(Rule(Host)).Apply();

        Assert.Contains($"[host.\"https://b.example\"]\nca = \"{_node.Base}/{folder}/ca.pem\"", _node.Body(Host), StringComparison.Ordinal);
        Assert.Equal(Original, File.ReadAllText(file));
    }

    [Theory]
    [InlineData("certs.d/_default/hosts.toml")]
    [InlineData("docker/reg.example.com/hosts.toml")]
    [InlineData("docker/_default/hosts.toml")]
    public void What_is_merged_from_another_file_is_no_more_open_than_there(string path)
    {
        const UnixFileMode secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(_node.Put(path, Original), secret);
        HostsTomlWriter writer = _node.Writer(Rule(Host), Rule("*"));

        writer.Apply();
        Assert.Equal(secret, _node.Mode(Host));

        File.SetUnixFileMode(_node.Hosts(Host), secret | UnixFileMode.OtherRead);
        Assert.Contains("may be read", writer.Inspect()[0].Message, StringComparison.Ordinal);
        writer.Apply();
        Assert.Equal(secret, _node.Mode(Host));
        File.SetUnixFileMode(_node.Hosts(Host), UnixFileMode.UserRead);
        Assert.Null(writer.Inspect()[0].Reason);
    }

    [Theory]
    [InlineData("certs.d/_default/hosts.toml", false)]
    [InlineData("docker/_default/hosts.toml", false)]
    [InlineData("certs.d/reg.example.com/hosts.toml", true)]
    [InlineData("docker/reg.example.com/hosts.toml", true)]
    public void Without_fallback_only_what_is_configured_for_the_host_itself_is_merged(string path, bool isMerged)
    {
        _node.Put(path, Original);

        Assert.Null(Assert.Single(_node.Writer(Rule(Host, fallback: false)).Apply()).Reason);

        Assert.Equal(isMerged, _node.Body(Host).Contains("b.example", StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_folder_counts_even_if_it_is_empty()
    {
        Directory.CreateDirectory(Path.Combine(_node.Root, Host));
        _node.Put("certs.d/_default/hosts.toml", Original);
        _node.Put($"docker/{Host}/hosts.toml", Original);

        _node.Writer(Rule(Host)).Apply();

        Assert.DoesNotContain("b.example", _node.Body(Host), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_to_containerd_as_none()
    {
        _node.Put($"certs.d/{Host}/hosts.toml", "");
        _node.Put($"certs.d/{Host}/ca.crt", "x");

        _node.Writer(Rule(Host)).Apply();

        Assert.StartsWith("ca = ", _node.Body(Host), StringComparison.Ordinal);
    }

    [Fact]
    public void Our_own_wildcard_is_not_merged_into_a_host_but_what_was_there_before_it_is()
    {
        _node.Put("certs.d/_default/hosts.toml", Original);
        HostsTomlWriter writer = _node.Writer(Rule("*"), Rule(Host));

        writer.Apply();
        Assert.All(writer.Apply(), s => Assert.Null(s.Reason));

        Assert.Equal(2, _node.Body(Host).Split("[host.\"").Length - 1);
        Assert.Contains("b.example", _node.Body(Host), StringComparison.Ordinal);
        Assert.Contains("b.example", _node.Body("_default"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_what_is_merged_is_drift()
    {
        string file = _node.Put("certs.d/_default/hosts.toml", Original);
        HostsTomlWriter writer = _node.Writer(Rule(Host));
        writer.Apply();

        File.WriteAllText(file, "server = \"https://other.example\"\n");

        Assert.Equal(NodeReasons.NotWritten, Assert.Single(writer.Inspect()).Reason);
        writer.Apply();
        Assert.StartsWith("server = \"https://other.example\"\n", _node.Body(Host), StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_changes_in_our_file_is_put_right()
    {
        HostsTomlWriter writer = _node.Writer(Rule(Host));
        writer.Apply();
        byte[] written = File.ReadAllBytes(_node.Hosts(Host));
        File.AppendAllText(_node.Hosts(Host), "skip_verify = true\n");

        HostState state = Assert.Single(writer.Inspect());
        Assert.Equal(NodeReasons.NotWritten, state.Reason);
        Assert.Contains("changed by somebody else", state.Message, StringComparison.Ordinal);
        writer.Apply();

        Assert.Equal(written, File.ReadAllBytes(_node.Hosts(Host)));
    }

    [Fact]
    public void Who_replaces_our_file_makes_the_new_original()
    {
        _node.Put($"certs.d/{Host}/hosts.toml", Original);
        HostsTomlWriter writer = _node.Writer(Rule(Host));
        writer.Apply();
        _node.Put($"certs.d/{Host}/hosts.toml", "[host.\"https://new.example\"]\n");

        writer.Apply();

        Assert.Contains("new.example", _node.Body(Host), StringComparison.Ordinal);
        Assert.DoesNotContain("b.example", _node.Body(Host), StringComparison.Ordinal);
        Assert.Equal("[host.\"https://new.example\"]\n", File.ReadAllText(_node.Kept(Host)));
    }

    [Fact]
    public void Who_deletes_our_file_gets_it_again_with_what_was_kept()
    {
        _node.Put($"certs.d/{Host}/hosts.toml", Original);
        HostsTomlWriter writer = _node.Writer(Rule(Host));
        writer.Apply();
        byte[] written = File.ReadAllBytes(_node.Hosts(Host));
        File.Delete(_node.Hosts(Host));

        writer.Apply();

        Assert.Equal(written, File.ReadAllBytes(_node.Hosts(Host)));
        Assert.Equal(Original, File.ReadAllText(_node.Kept(Host)));
    }

    [Fact]
    public void A_host_of_another_owner_is_not_touched()
    {
        _node.Put($"certs.d/{Host}/hosts.toml", Original);
        _node.WriterOf(Other, Rule(Host)).Apply();
        IReadOnlyList<string> before = _node.Snapshot();
        HostsTomlWriter writer = _node.Writer(Rule(Host));

        HostState state = Assert.Single(writer.Apply());

        Assert.Equal(NodeReasons.OtherOwner, state.Reason);
        Assert.Contains(Other, state.Message, StringComparison.Ordinal);
        Assert.Empty(writer.Restore());
        Assert.Equal(before, _node.Snapshot());
    }

    [Theory]
    [InlineData("server = ")]
    [InlineData("capabilities = [\"fly\"]\n")]
    public void What_containerd_cannot_read_is_left_as_it_is(string content)
    {
        string file = _node.Put($"certs.d/{Host}/hosts.toml", content);
        IReadOnlyList<string> before = _node.Snapshot();

        IReadOnlyList<HostState> states = _node.Writer(Rule(Host), Rule("other.example.com")).Apply();

        Assert.Equal((Host, NodeReasons.UnreadableExisting), (states[0].Host, states[0].Reason));
        Assert.Contains(file, states[0].Message, StringComparison.Ordinal);
        Assert.Null(states[1].Reason);
        Assert.Subset(_node.Snapshot().ToHashSet(), before.ToHashSet());
    }

    [Theory]
    [InlineData("certs.d/reg.example.com", true)]
    [InlineData("certs.d/reg.example.com/hosts.toml", false)]
    [InlineData("certs.d/reg.example.com/hosts.toml.localregistry-original", false)]
    public void A_symbolic_link_is_not_followed(string path, bool toFolder)
    {
        string victim = _node.Put("victim/hosts.toml", Original);
        string link = Path.Combine(_node.Base, path);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, toFolder ? Path.GetDirectoryName(victim)! : victim);
        IReadOnlyList<string> before = _node.Snapshot();
        HostsTomlWriter writer = _node.Writer(Rule(Host));

        HostState state = Assert.Single(writer.Apply());

        Assert.Equal(NodeReasons.SymbolicLink, state.Reason);
        Assert.Contains(link, state.Message, StringComparison.Ordinal);
        Assert.Equal(before, _node.Snapshot());
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_told()
    {
        _node.Put($"certs.d/{Host}", "x");

        Assert.Equal(NodeReasons.NotWritable, Assert.Single(_node.Writer(Rule(Host)).Apply()).Reason);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told()
    {
        var writer = new HostsTomlWriter(Owner, [Rule(Host)], new Uri("http://127.0.0.1:5000"), [Path.Combine(_node.Base, "absent")]);

        Assert.Equal(NodeReasons.NotWritable, Assert.Single(writer.Apply()).Reason);
        Assert.Empty(writer.Restore());
    }

    public void Dispose() => _node.Dispose();

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_node.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
