using System.Text;
using CsCheck;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using LocalRegistry.Registry.Tests.Mirror.Node;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>The files of a node's administrator with anything in them: they are read or refused in words, and what is made of them can be read again.</summary>
public sealed class TomlFuzzTests : IDisposable
{
    private const string Hosts = """
        server = "https://last.example"
        ca = ["a.crt", "/abs/b.crt"]
        skip_verify = false
        dial_timeout = "1m30s"
        [header]
        X = ["a", "b"]
        [host."https://b.example"]
          capabilities = ["pull", "resolve"]
          client = [["c.cert", "/abs/c.key"], "d.pem"]
          override_path = true
          [host."https://b.example".header]
            Authorization = "Basic eA=="
        [host.'http://a.example:8080/v2/team']
          later = {x = 1, y = [1, 2.5, 1979-05-27T07:32:00Z]}
        """;

    private const string Registries = """
        unqualified-search-registries = ["docker.io"]
        short-name-mode = "enforcing"
        [[registry]]
        prefix = "*.example.com"
        blocked = true
        [[registry]]
        location = "registry.example.com/team"
        insecure = false
        mirror-by-digest-only = true
        [[registry.mirror]]
        location = "mirror.example.com:5000/team"
        pull-from-mirror = "all"
        insecure = true
        """;

    private const string OldRegistries = "[registries.search]\nregistries = ['docker.io']\n[registries.insecure]\nregistries = ['a.example/', 'b.example']\n[registries.block]\nregistries = ['b.example']\n";

    private const string Containerd = """
        version = 3
        imports = ["conf.d/*.toml", "/no/such/file.toml"]
        root = '/var/lib/containerd'
        [plugins]
          [plugins.'io.containerd.cri.v1.images']
            use_local_image_pull = true
            max_concurrent_downloads = 3
            [plugins.'io.containerd.cri.v1.images'.registry]
              config_path = '/etc/containerd/certs.d:/etc/docker/certs.d'
        [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
          endpoint = ["https://m.example"]
        """;

    private static readonly string[] Pieces =
    [
        "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\"", "'", "\"\"\"", "'''", "#", "\n", "\r", "\\u0000", "\\", "host", "server", "ca = \"\\u0000\"\n", "imports = ['\\u0000']\n", "imports = [\"\\u0000\"]\n",
        "config_path = \"\\u0000\"\n", "config_path = ':'\n", "registry", "location = ''\n", "1e400", "inf", "-nan", "0x7fffffffffffffffffffff", "1979-13-45", "true", "\ud800", "a.b.c = 1\n", "[a]\n[a]\n",
    ];

    private static readonly MirrorRule[] Rules =
    [
        NodeFolders.Rule("registry.example.com"),
        NodeFolders.Rule("b.example", fallback: false),
        NodeFolders.Rule("docker.io", existing: ExistingMirrors.Replace),
        NodeFolders.Rule("*"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("toml-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Hosts_file_is_read_or_refused_and_what_is_made_of_it_reads_again() => Property.Holds(Gen.Select(Spliced(Hosts), Gen.OneOf(Rules)), input =>
    {
        string? problem = HostSettingsReader.Read(input.Item1, "/etc/containerd/certs.d/x", out HostSettings? settings);

        AssertTold(problem, settings is not null);
        if (settings is not null)
        {
            string composed = new HostsToml(new Uri("http://127.0.0.1:5000")).Compose(input.Item2, settings);
            Assert.Null(HostSettingsReader.Read(Encoding.UTF8.GetBytes(composed), "/etc/containerd/certs.d/x", out HostSettings? again));
            Assert.Equal("http://127.0.0.1:5000", again!.Mirrors[0].Url);
        }
    });

    [Fact]
    public void Registries_file_is_read_or_refused() => Property.Holds(Gen.Select(Gen.OneOf(Spliced(Registries), Spliced(OldRegistries)), Gen.Bool), input =>
    {
        string? problem = RegistriesConfReader.Read(input.Item1, input.Item2, out IReadOnlyList<RegistriesEntry> entries);

        AssertTold(problem, problem is null);
        Assert.True(problem is null || entries.Count == 0);
        Assert.Equal(entries.Select(e => e.Prefix), entries.Select(e => e.Prefix).Distinct());
    });

    [Fact]
    public void Configuration_of_containerd_is_read_or_refused()
    {
        string file = Path.Combine(_folder, "config.toml");
        var runtime = new NodeRuntime(RuntimeKind.Containerd, file, ["/etc/containerd/certs.d"]);
        Property.Holds(
            Spliced(Containerd),
            content =>
            {
                File.WriteAllBytes(file, content);
                ContainerdSettings settings = ContainerdSettings.Read(runtime);

                Assert.NotEmpty(settings.Roots);
                AssertTold(settings.Problem?.Message, settings.Problem is null);
            },
            1000);
    }

    [Theory]
    [InlineData("x = ", "[", "]")]
    [InlineData("x = ", "{a=", "}")]
    [InlineData("", "a.", "a = 1")]
    [InlineData("[", "a.", "a]")]
    [InlineData("[[", "a.", "a]]")]
    public void Nesting_without_end_is_read_or_refused(string before, string open, string close)
    {
        foreach (int depth in (int[])[1000, 100_000])
        {
            string nested = before + string.Concat(Enumerable.Repeat(open, depth)) + (close.Length == 1 ? new string(close[0], depth) : close);

            string? problem = HostSettingsReader.Read(Encoding.UTF8.GetBytes(nested), "/x", out HostSettings? settings);

            AssertTold(problem, settings is not null);
        }
    }

    private static Gen<byte[]> Spliced(string file) => Gen.Select(
        Texts.MutatedBytes(Gen.Const(file)), Gen.Select(Gen.Int[0, 10_000], Gen.OneOf(Pieces)).Array[0, 3],
        (bytes, pieces) =>
        {
            foreach ((int at, string piece) in pieces)
            {
                int place = at % (bytes.Length + 1);
                bytes = [.. bytes[..place], .. Encoding.UTF8.GetBytes(piece), .. bytes[place..]];
            }

            return bytes;
        });

    private static void AssertTold(string? problem, bool isGood)
    {
        Assert.Equal(isGood, problem is null);
        Assert.True(problem is null || (problem.Length > 0 && !problem.Contains('\n')), problem);
    }
}
