using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>What a <c>hosts.toml</c> says, by what there was and what is asked for.</summary>
public sealed class HostsTomlTests
{
    private const string Ours = """
        [host."http://127.0.0.1:5000"]
        capabilities = ["pull", "resolve"]
        dial_timeout = "200ms"

        """;

    private const string OursAtTheEnd = """
        server = "http://127.0.0.1:5000"
        capabilities = ["pull", "resolve"]
        dial_timeout = "200ms"

        """;

    private const string Before = """
        # by the node's administrator
        server = "https://last.example"
        ca = "last.crt"

        [host."https://b.example"]
          capabilities = ["pull"]
          client = [["c.cert", "/abs/c.key"], ["d.cert", "d.key"]]
          [host."https://b.example".header]
            Authorization = "Basic eA=="
        [host."http://a.example:8080/v2/team"]
          override_path = true
          later_setting = {x = 1}

        """;

    private const string Mirrors = """
        [host."https://b.example"]
        capabilities = ["pull"]
        client = [["/f/c.cert", "/abs/c.key"], ["/f/d.cert", "/f/d.key"]]
        [host."https://b.example".header]
        Authorization = "Basic eA=="
        [host."http://a.example:8080/v2/team"]
        override_path = true
        later_setting = {x = 1}

        """;

    [Fact]
    public void Nothing_before_leaves_the_own_host_as_the_last() =>
        Assert.Equal("[host]\n" + Ours, Compose("reg.example.com", null));

    [Fact]
    public void Nothing_before_for_Docker_Hub_names_its_server() =>
        Assert.Equal("server = \"https://registry-1.docker.io\"\n[host]\n" + Ours, Compose("docker.io", null));

    [Fact]
    public void Without_fallback_the_registry_is_the_last_too() =>
        Assert.Equal(OursAtTheEnd + "[host]\n" + Ours, Compose("reg.example.com", null, fallback: false));

    [Fact]
    public void Merge_asks_the_rest_after_the_registry_in_its_order() =>
        Assert.Equal("server = \"https://last.example\"\nca = \"/f/last.crt\"\n[host]\n" + Ours + Mirrors, Compose("reg.example.com", Before));

    [Fact]
    public void Merge_without_fallback_asks_another_last_server_as_a_mirror() =>
        Assert.Equal(
            OursAtTheEnd + "[host]\n" + Ours + Mirrors + "[host.\"https://last.example\"]\nca = \"/f/last.crt\"\n",
            Compose("reg.example.com", Before, fallback: false));

    [Theory]
    [InlineData("reg.example.com", "https://reg.example.com")]
    [InlineData("reg.example.com", "reg.example.com")]
    [InlineData("reg.example.com", "https://reg.example.com:443/v2")]
    [InlineData("reg.example.com:443", "https://reg.example.com")]
    [InlineData("reg.example.com:5000", "http://reg.example.com:5000")]
    [InlineData("docker.io", "https://registry-1.docker.io")]
    [InlineData("docker.io", "https://index.docker.io/v2")]
    public void Without_fallback_the_own_host_is_not_asked_however_it_is_named(string host, string url)
    {
        string before = $"server = \"{url}\"\nskip_verify = true\n[host.\"{url}\"]\n[host.\"https://b.example\"]\n";

        Assert.Equal(OursAtTheEnd + "[host]\n" + Ours + "[host.\"https://b.example\"]\n", Compose(host, before, fallback: false));
    }

    [Theory]
    [InlineData("reg.example.com", "https://reg.example.com:8443")]
    [InlineData("reg.example.com:5000", "https://reg.example.com:5001")]
    [InlineData("docker.io", "https://registry-1.docker.io:8443")]
    public void Without_fallback_another_port_is_another_mirror(string host, string url) =>
        Assert.EndsWith($"[host.\"{url}\"]\n", Compose(host, $"[host.\"{url}\"]\n", fallback: false), StringComparison.Ordinal);

    [Fact]
    public void Replace_keeps_how_the_own_host_is_reached_and_no_other()
    {
        const string before = "server = \"https://reg.example.com\"\nca = \"own.crt\"\n[host.\"https://b.example\"]\n[host.\"https://reg.example.com\"]\nskip_verify = true\n";

        Assert.Equal(
            "server = \"https://reg.example.com\"\nca = \"/f/own.crt\"\n[host]\n" + Ours + "[host.\"https://reg.example.com\"]\nskip_verify = true\n",
            Compose("reg.example.com", before, existing: ExistingMirrors.Replace));
    }

    [Theory]
    [InlineData("reg.example.com", "")]
    [InlineData("docker.io", "server = \"https://registry-1.docker.io\"\n")]
    public void Replace_drops_another_last_server_with_its_settings(string host, string server) =>
        Assert.Equal(server + "[host]\n" + Ours, Compose(host, Before, existing: ExistingMirrors.Replace));

    [Fact]
    public void Replace_without_fallback_leaves_the_registry_alone() =>
        Assert.Equal(OursAtTheEnd + "[host]\n" + Ours, Compose("reg.example.com", Before, fallback: false, existing: ExistingMirrors.Replace));

    [Fact]
    public void The_registry_itself_is_named_once() =>
        Assert.Equal(
            "[host]\n" + Ours + "[host.\"https://b.example\"]\n",
            Compose("reg.example.com", "[host.\"https://b.example\"]\n[host.\"http://127.0.0.1:5000\"]\ncapabilities = [\"push\"]\n"));

    [Fact]
    public void An_absent_server_stays_absent_with_its_settings() =>
        Assert.Equal("skip_verify = true\n[host]\n" + Ours, Compose("docker.io", "skip_verify = true\n"));

    [Fact]
    public void A_host_without_a_header_of_its_own_is_nothing_to_containerd() =>
        Assert.Equal("[host]\n" + Ours, Compose("reg.example.com", "host = {\"https://b.example\" = {capabilities = [\"pull\"]}}\n"));

    [Theory]
    [InlineData("server = ")]
    [InlineData("server = \"a\"\nserver = \"b\"")]
    [InlineData("[host.\"https://a\"]\n[host.\"https://a\"]")]
    [InlineData("server = 1")]
    [InlineData("capabilities = [\"fly\"]")]
    [InlineData("[host.\"https://a\"]\ncapabilities = \"pull\"")]
    [InlineData("ca = 1")]
    [InlineData("client = [[\"a\", \"b\", \"c\"]]")]
    [InlineData("skip_verify = \"yes\"")]
    [InlineData("dial_timeout = \"soon\"")]
    [InlineData("[header]\nX = 1")]
    public void What_containerd_cannot_read_is_refused(string before) =>
        Assert.NotNull(HostSettingsReader.Read(NodeFolders.Bytes(before), "/f", out _));

    [Fact]
    public void What_is_no_text_is_refused() => Assert.NotNull(HostSettingsReader.Read([0xff, 0xfe], "/f", out _));

    private static string Compose(string host, string? before, bool fallback = true, ExistingMirrors existing = ExistingMirrors.Merge)
    {
        HostSettings? settings = null;
        Assert.Null(before is null ? null : HostSettingsReader.Read(NodeFolders.Bytes(before), "/f", out settings));
        string composed = new HostsToml(new Uri("http://127.0.0.1:5000")).Compose(NodeFolders.Rule(host, fallback, existing), settings);
        Assert.Null(HostSettingsReader.Read(NodeFolders.Bytes(composed), "/f", out HostSettings? back));
        Assert.Equal("http://127.0.0.1:5000", back!.Mirrors[0].Url);
        return composed;
    }
}
