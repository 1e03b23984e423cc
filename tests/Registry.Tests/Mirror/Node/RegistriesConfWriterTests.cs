using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>One file of ours beside those that are there: what it says, what it leaves alone, and that it goes without a trace.</summary>
public sealed class RegistriesConfWriterTests : IDisposable
{
    private const string Owner = "local-registry/registry";
    private const string Host = "registry.example.com";

    private static readonly Uri Registry = new("http://127.0.0.1:5000");

    private readonly string _root = Directory.CreateTempSubdirectory("containers-").FullName;

    public RegistriesConfWriterTests() => Directory.CreateDirectory(Folder);

    private string Folder => Path.Combine(_root, "registries.conf.d");

    private string Ours => Path.Combine(Folder, "99-localregistry-local-registry.registry.conf");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Host_that_nothing_was_said_of_has_the_registry_before_itself()
    {
        AssertGood(Writer(Rule(Host), Rule("docker.io")).Apply());

        Assert.Equal(
            """
            [[registry]]
            prefix = "registry.example.com"
            location = "registry.example.com"
            [[registry.mirror]]
            location = "127.0.0.1:5000/registry.example.com"
            insecure = true
            [[registry]]
            prefix = "docker.io"
            location = "docker.io"
            [[registry.mirror]]
            location = "127.0.0.1:5000/docker.io"
            insecure = true
            """,
            Written());
        AssertGood(Writer(Rule(Host), Rule("docker.io")).Inspect());
    }

    [Fact]
    public void Without_fallback_the_registry_is_in_the_place_of_the_host()
    {
        AssertGood(Writer(Rule(Host) with { Fallback = false }).Apply());

        Assert.Equal(
            """
            [[registry]]
            prefix = "registry.example.com"
            location = "127.0.0.1:5000/registry.example.com"
            insecure = true
            """,
            Written());
    }

    [Fact]
    public void Port_of_a_host_is_named_so_that_it_can_stand_in_an_images_path()
    {
        AssertGood(Writer(Rule("registry.example.com:8443")).Apply());

        Assert.Contains("prefix = \"registry.example.com:8443\"", Written(), StringComparison.Ordinal);
        Assert.Contains("location = \"127.0.0.1:5000/registry.example.com_8443\"", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_say_of_a_host_comes_after_the_registry_and_stays_where_it_is()
    {
        const string Main = """
            unqualified-search-registries = ["docker.io"]
            [[registry]]
            prefix = "registry.example.com"
            location = "old.example.com"
            """;
        const string Theirs = """
            # a company's own
            [[registry]]
            location = "registry.example.com"
            insecure = true
            blocked = true
            mirror-by-digest-only = true
            future = "kept"

            [[registry.mirror]]
            location = "mirror.corp:8443/cache"
            insecure = true

            [[registry.mirror]]
            location = "registry.example.com/copies"
            """;
        File.WriteAllText(Path.Combine(_root, "registries.conf"), Main);
        File.WriteAllText(Path.Combine(Folder, "50-corp.conf"), Theirs);

        AssertGood(Writer(Rule(Host)).Apply());

        Assert.Equal(
            """
            [[registry]]
            prefix = "registry.example.com"
            location = "registry.example.com"
            insecure = true
            blocked = true
            future = "kept"
            [[registry.mirror]]
            location = "127.0.0.1:5000/registry.example.com"
            insecure = true
            [[registry.mirror]]
            location = "mirror.corp:8443/cache"
            insecure = true
            pull-from-mirror = "digest-only"
            [[registry.mirror]]
            location = "registry.example.com/copies"
            pull-from-mirror = "digest-only"
            """,
            Written());
        Assert.Equal(Main, File.ReadAllText(Path.Combine(_root, "registries.conf")));
        Assert.Equal(Theirs, File.ReadAllText(Path.Combine(Folder, "50-corp.conf")));
    }

    [Theory]
    [InlineData(true, ExistingMirrors.Replace, "moved.corp/example", "127.0.0.1:5000/registry.example.com")]
    [InlineData(false, ExistingMirrors.Replace, "127.0.0.1:5000/registry.example.com")]
    [InlineData(
        false, ExistingMirrors.Merge, "127.0.0.1:5000/registry.example.com", "127.0.0.1:5000/registry.example.com", "mirror.corp/example", "moved.corp/example")]
    public void Mirrors_of_before_are_dropped_or_kept_but_never_the_hosts_own_without_fallback(
        bool fallback, ExistingMirrors existing, string location, params string[] mirrors)
    {
        File.WriteAllText(
            Path.Combine(Folder, "50-corp.conf"),
            """
            [[registry]]
            prefix = "registry.example.com"
            location = "moved.corp/example"
            mirror = [{location = "mirror.corp/example"}, {location = "registry.example.com"}]
            """);

        AssertGood(Writer(Rule(Host) with { Fallback = fallback, Existing = existing }).Apply());

        Assert.Null(RegistriesConfReader.Read(File.ReadAllBytes(Ours), mayBeOld: false, out IReadOnlyList<RegistriesEntry> entries));
        RegistriesEntry entry = Assert.Single(entries);
        Assert.Equal(location, entry.Location);
        Assert.Equal(mirrors, entry.Mirrors.Select(m => (string)m["location"]));
    }

    [Fact]
    public void Entries_for_parts_of_a_host_get_the_registry_too_since_the_longest_counts()
    {
        File.WriteAllText(
            Path.Combine(Folder, "50-corp.conf"),
            """
            [[registry]]
            prefix = "*.example.com"
            insecure = true
            [[registry]]
            prefix = "registry.example.com/team/private"
            location = "private.corp/team"
            [[registry]]
            location = "registry.example.com.evil.test"
            """);

        AssertGood(Writer(Rule(Host)).Apply());

        Assert.Equal(
            """
            [[registry]]
            prefix = "registry.example.com"
            location = "registry.example.com"
            insecure = true
            [[registry.mirror]]
            location = "127.0.0.1:5000/registry.example.com"
            insecure = true
            [[registry]]
            prefix = "registry.example.com/team/private"
            location = "private.corp/team"
            [[registry.mirror]]
            location = "127.0.0.1:5000/registry.example.com/team/private"
            insecure = true
            """,
            Written());
    }

    [Fact]
    public void Without_fallback_only_what_is_configured_for_the_host_itself_is_asked()
    {
        File.WriteAllText(
            Path.Combine(Folder, "50-corp.conf"),
            """
            [[registry]]
            prefix = "*.example.com"
            location = "moved.corp"
            blocked = true
            mirror = [{location = "mirror.corp"}]
            [[registry]]
            prefix = "registry.example.com/team"
            location = "registry.example.com/team"
            mirror = [{location = "mirror.corp/team"}]
            """);

        AssertGood(Writer(Rule(Host) with { Fallback = false }).Apply());

        Assert.Equal(
            """
            [[registry]]
            prefix = "registry.example.com"
            location = "127.0.0.1:5000/registry.example.com"
            insecure = true
            blocked = true
            [[registry]]
            prefix = "registry.example.com/team"
            location = "127.0.0.1:5000/registry.example.com/team"
            insecure = true
            [[registry.mirror]]
            location = "127.0.0.1:5000/registry.example.com/team"
            insecure = true
            [[registry.mirror]]
            location = "mirror.corp/team"
            """,
            Written());
    }

    [Fact]
    public void Old_main_file_counts_too()
    {
        File.WriteAllText(Path.Combine(_root, "registries.conf"), "[registries.insecure]\nregistries = ['registry.example.com']\n[registries.search]\nregistries = ['docker.io']\n");

        AssertGood(Writer(Rule(Host)).Apply());

        Assert.StartsWith("[[registry]]\nprefix = \"registry.example.com\"\nlocation = \"registry.example.com\"\ninsecure = true\n", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void Wildcard_is_told_of_and_the_others_are_configured()
    {
        IReadOnlyList<HostState> states = Writer(Rule("*"), Rule(Host)).Apply();

        Assert.Equal([NodeReasons.WildcardUnsupported, null], states.Select(s => s.Reason));
        Assert.Contains("prefix = \"registry.example.com\"", Written(), StringComparison.Ordinal);
        Assert.DoesNotContain("*", Written(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("99-zz.conf", "[[registry]]\nlocation = 'registry.example.com'", NodeReasons.Overridden)]
    [InlineData("zz.conf", "[[registry]]\nprefix = 'registry.example.com/team'\nlocation = 'elsewhere.test'", NodeReasons.Overridden)]
    [InlineData("10-other.conf", "# localregistry.dev owner=other/one\n[[registry]]\nlocation = 'registry.example.com'", NodeReasons.OtherOwner)]
    public void Host_that_another_file_decides_is_left_out_and_the_others_are_configured(string name, string content, string reason)
    {
        File.WriteAllText(Path.Combine(Folder, name), content);

        IReadOnlyList<HostState> states = Writer(Rule(Host), Rule("docker.io")).Apply();

        Assert.Equal([reason, null], states.Select(s => s.Reason));
        Assert.Contains(name, states[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Host, Written(), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(Path.Combine(Folder, name)));
    }

    [Theory]
    [InlineData("[[registry]\n")]
    [InlineData("[registries.search]\nregistries = ['docker.io']\n")]
    [InlineData("[[registry]]\nprefix = 'a.test'\n")]
    [InlineData("[[registry]]\nlocation = 'a.test'\ninsecure = 'yes'\n")]
    [InlineData("[[registry]]\nlocation = 'a.test'\n[[registry.mirror]]\ninsecure = true\n")]
    public void File_that_the_runtime_cannot_read_either_is_named_and_nothing_changes(string content)
    {
        AssertGood(Writer(Rule(Host)).Apply());
        string before = File.ReadAllText(Ours);
        string file = Path.Combine(Folder, "10-broken.conf");
        File.WriteAllText(file, content);

        HostState state = Assert.Single(Writer(Rule(Host) with { Fallback = false }).Apply());

        Assert.Equal(NodeReasons.UnreadableExisting, state.Reason);
        Assert.Contains(file, state.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Ours));
    }

    [Fact]
    public void Locations_that_could_not_stand_in_one_file_are_not_put_into_one()
    {
        File.WriteAllText(Path.Combine(Folder, "10-a.conf"), "[[registry]]\nprefix = 'a.test'\nlocation = 'shared.corp'\ninsecure = true\n");
        File.WriteAllText(Path.Combine(Folder, "20-b.conf"), "[[registry]]\nprefix = 'b.test'\nlocation = 'shared.corp'\n");

        IReadOnlyList<HostState> states = Writer(Rule("a.test"), Rule("b.test")).Apply();

        Assert.Equal([null, NodeReasons.UnreadableExisting], states.Select(s => s.Reason));
        Assert.DoesNotContain("b.test", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void Symbolic_links_are_not_followed()
    {
        string target = Path.Combine(_root, "secret");
        File.WriteAllText(target, "precious");
        File.CreateSymbolicLink(Ours, target);

        Assert.Equal(NodeReasons.SymbolicLink, Assert.Single(Writer(Rule(Host)).Apply()).Reason);
        File.Delete(Ours);
        File.CreateSymbolicLink(Path.Combine(Folder, "10-link.conf"), target);
        Assert.Equal(NodeReasons.SymbolicLink, Assert.Single(Writer(Rule(Host)).Apply()).Reason);

        Assert.Equal("precious", File.ReadAllText(target));
        Assert.False(File.Exists(Ours));
    }

    [Theory]
    [InlineData("somebody's own\n", NodeReasons.UnreadableExisting)]
    [InlineData("# localregistry.dev owner=other/one\n", NodeReasons.OtherOwner)]
    public void File_of_somebody_else_under_our_name_is_left_alone(string content, string reason)
    {
        File.WriteAllText(Ours, content);

        Assert.Equal(reason, Assert.Single(Writer(Rule(Host)).Apply()).Reason);
        Assert.Empty(Writer().Restore());

        Assert.Equal(content, File.ReadAllText(Ours));
    }

    [Fact]
    public void Drift_is_seen_and_put_back()
    {
        RegistriesConfWriter writer = Writer(Rule(Host));
        Assert.Equal(NodeReasons.NotWritten, Assert.Single(writer.Inspect()).Reason);
        AssertGood(writer.Apply());
        string written = File.ReadAllText(Ours);

        File.AppendAllText(Ours, "# changed\n");
        HostState changed = Assert.Single(writer.Inspect());
        AssertGood(writer.Apply());
        Assert.Contains("was changed by somebody else", changed.Message, StringComparison.Ordinal);
        Assert.Equal(written, File.ReadAllText(Ours));

        File.WriteAllText(Path.Combine(Folder, "10-new.conf"), "[[registry]]\nlocation = 'registry.example.com'\nblocked = true\n");
        HostState outdated = Assert.Single(writer.Inspect());
        AssertGood(writer.Apply());
        Assert.Contains("is not up to date", outdated.Message, StringComparison.Ordinal);
        Assert.Contains("blocked = true", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void Restoring_takes_our_file_away_and_changes_nothing_else()
    {
        File.WriteAllText(Path.Combine(Folder, "50-corp.conf"), "[[registry]]\nlocation = 'registry.example.com'\n");
        string other = Path.Combine(Folder, "99-localregistry-other.one.conf");
        File.WriteAllText(other, "# localregistry.dev owner=other/one\n");
        string[] before = Directory.GetFiles(Folder).Order().ToArray();
        AssertGood(Writer(Rule(Host), Rule("docker.io")).Apply());
        File.WriteAllText(Ours + ".localregistry-new", "left by a process that was killed");

        IReadOnlyList<HostState> restored = Writer().Restore();

        AssertGood(restored);
        Assert.Equal([Host, "docker.io"], restored.Select(s => s.Host));
        Assert.Equal(before, Directory.GetFiles(Folder).Order());
        Assert.Empty(Writer().Restore());
    }

    [Fact]
    public void Nothing_asked_for_leaves_no_file()
    {
        AssertGood(Writer(Rule(Host)).Apply());

        Assert.Empty(Writer().Apply());

        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void Folder_that_is_not_there_is_told_of_and_has_nothing_to_restore()
    {
        Directory.Delete(Folder);

        Assert.Equal(NodeReasons.NotWritable, Assert.Single(Writer(Rule(Host)).Apply()).Reason);
        Assert.Empty(Writer().Restore());
    }

    private static MirrorRule Rule(string host) => ImageHost.TryParse(host, out ImageHost parsed) ? new MirrorRule { Host = parsed } : throw new ArgumentException(host);

    private static void AssertGood(IReadOnlyList<HostState> states) => Assert.All(states, s => Assert.Null(s.Reason));

    private RegistriesConfWriter Writer(params IReadOnlyList<MirrorRule> mirrors) => new(Owner, mirrors, Registry, Folder);

    // Without comments and blank lines.
    private string Written() =>
        string.Join('\n', File.ReadAllLines(Ours).Where(l => l.Length > 0 && l[0] != '#'));
}
