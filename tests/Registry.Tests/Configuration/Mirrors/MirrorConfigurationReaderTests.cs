using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration.Mirrors;

public sealed class MirrorConfigurationReaderTests
{
    private const string Least = "owner: team/registry\nregistry: 127.0.0.1:5000\n";

    [Fact]
    public void Read_gives_every_value()
    {
        MirrorConfiguration configuration = Valid("""
            owner: team/registry
            registry: 127.0.0.1:5000
            debug: 127.0.0.1:5001
            mirrors:
              - {host: Registry.Example.com, prefix: "", fallback: false, existing: replace}
              - host: "*"
                prefix: mirror/all
            repositories: [team/*, other/app]
            runtime:
              kind: registriesconf
              configuration: /etc/crio/crio.conf
              directories: [/etc/containers/registries.conf.d, /etc/other]
            """);

        Assert.Equal(("team/registry", "127.0.0.1:5000", "127.0.0.1:5001"), (configuration.Owner, configuration.Registry.ToString(), configuration.Debug!.ToString()));
        Assert.Equal(
            [
                new MirrorRule { Host = new ImageHost("registry.example.com"), Fallback = false, Existing = ExistingMirrors.Replace },
                new MirrorRule { Host = ImageHost.Wildcard, Prefix = "mirror/all" },
            ],
            configuration.Mirrors);
        Assert.Equal(["team/*", "other/app"], configuration.Repositories!.Select(r => r.Value));
        Assert.Equal((RuntimeKind.RegistriesConf, "/etc/crio/crio.conf"), (configuration.Runtime!.Kind, configuration.Runtime.ConfigurationFile));
        Assert.Equal(["/etc/containers/registries.conf.d", "/etc/other"], configuration.Runtime.Directories);
    }

    [Fact]
    public void Read_of_the_least_gives_what_is_so_by_default()
    {
        MirrorConfiguration configuration = Valid(Least + "mirrors: [{host: docker.io}]\nruntime: {directories: [/etc/containerd/certs.d]}");

        MirrorRule mirror = Assert.Single(configuration.Mirrors);
        Assert.Equal(new MirrorRule { Host = ImageHost.DockerHub, Prefix = "", Fallback = true, Existing = ExistingMirrors.Merge }, mirror);
        Assert.Null(configuration.Debug);
        Assert.Null(configuration.Repositories);
        Assert.Equal((RuntimeKind.Containerd, null), (configuration.Runtime!.Kind, configuration.Runtime.ConfigurationFile));
        Assert.Null(Valid(Least).Runtime);
        Assert.Empty(Valid(Least).Mirrors);
    }

    // A list of nothing is not the absence of a list: the one serves nothing, the other all.
    [Fact]
    public void Read_of_an_empty_list_of_repositories_keeps_it_empty() => Assert.Empty(Valid(Least + "repositories: []").Repositories!);

    // With the list the table is closed, however short it is.
    [Theory]
    [InlineData("", false)]
    [InlineData("repositories: [team/*]", false)]
    [InlineData("mirrors: []", true)]
    [InlineData("mirrors: [{host: docker.io}]", true)]
    public void Read_tells_an_empty_list_of_mirrors_from_none(string yaml, bool knowsHosts) => Assert.Equal(knowsHosts, Valid(Least + yaml).KnowsHosts);

    [Theory]
    [InlineData("mirrors:", "3: mirrors: must be a list: leave the key out")]
    [InlineData("mirrors: [{host: a.example.com, other: 1}]", "3: mirrors[0].other: is not a key")]
    [InlineData("other: 1", "3: other: is not a key")]
    [InlineData("mirrors: [{prefix: p}]", "3: mirrors[0].host: is required")]
    [InlineData("mirrors: [{host: team}]", "3: mirrors[0].host: must be an image host, such as")]
    [InlineData("mirrors: [{host: \"*.example.com\"}]", "3: mirrors[0].host: must be an image host, such as")]
    [InlineData("mirrors: [{host: \"http://a.example.com\"}]", "not \"http://a.example.com\"")]
    [InlineData("mirrors: [{host: a.example.com}, {host: A.EXAMPLE.COM}]", "3: mirrors[1].host: a.example.com is there already")]
    [InlineData("mirrors: [{host: docker.io}, {host: index.docker.io}]", "3: mirrors[1].host: docker.io is there already")]
    [InlineData("mirrors: [{host: \"*\"}, {host: \"*\"}]", "3: mirrors[1].host: * is there already")]
    [InlineData("mirrors: [{host: a.example.com, prefix: p/}]", "3: mirrors[0].prefix: must be the beginning of repositories' names without a slash")]
    [InlineData("mirrors: [{host: a.example.com, prefix: /p}]", "3: mirrors[0].prefix: must be")]
    [InlineData("mirrors: [{host: a.example.com, prefix: p/*}]", "3: mirrors[0].prefix: must be")]
    [InlineData("mirrors: [{host: a.example.com, prefix: P}]", "3: mirrors[0].prefix: must be")]
    [InlineData("mirrors: [{host: a.example.com, prefix: ../p}]", "3: mirrors[0].prefix: must be")]
    [InlineData("mirrors: [{host: a.example.com, prefix: \"p\\n\"}]", "3: mirrors[0].prefix: must be")]
    [InlineData("mirrors: [{host: a.example.com, prefix: [p]}]", "3: mirrors[0].prefix: must be a single value")]
    [InlineData("mirrors: [{host: \"*\", fallback: false}]", "3: mirrors[0].fallback: must be true under the wildcard")]
    [InlineData("mirrors: [{host: a.example.com, fallback: never}]", "3: mirrors[0].fallback: must be one of")]
    [InlineData("mirrors: [{host: a.example.com, existing: keep}]", "3: mirrors[0].existing: must be one of merge, replace, not \"keep\"")]
    [InlineData("mirrors: {host: a.example.com}", "3: mirrors: must be a list of mappings")]
    [InlineData("mirrors: [a.example.com]", "3: mirrors[0]: must be a mapping")]
    [InlineData("repositories:\n# - team/*\n", "3: repositories: must be a list: leave the key out to serve all")]
    [InlineData("repositories: ~", "3: repositories: must be a list: leave the key out to serve all")]
    [InlineData("repositories: team/*", "3: repositories: must be a list of texts")]
    [InlineData("repositories: [\"*\"]", "3: repositories: must be repositories such as team/app")]
    [InlineData("repositories: [\"\"]", "3: repositories: must be repositories such as team/app")]
    [InlineData("repositories: [~]", "3: repositories: must be repositories such as team/app")]
    [InlineData("repositories: [team/app, Team/App]", "not \"Team/App\"")]
    [InlineData("debug: 5001", "3: debug: must be an address with a port, such as 127.0.0.1:5000, not \"5001\"")]
    [InlineData("debug: :5001", "3: debug: must be an address with a port")]
    [InlineData("debug: 0.0.0.0:5001", "3: debug: must be an address with a port")]
    [InlineData("debug: \"[::]:5001\"", "3: debug: must be an address with a port")]
    [InlineData("debug: 127.0.0.1:0", "3: debug: must be an address with a port")]
    [InlineData("debug: registry.example.com:5001", "3: debug: must be an address with a port")]
    [InlineData("runtime: {}", "3: runtime.directories: is required")]
    [InlineData("runtime: {directories: []}", "3: runtime.directories: is required")]
    [InlineData("runtime: {kind: docker, directories: [/a]}", "3: runtime.kind: must be one of containerd, registriesconf, not \"docker\"")]
    [InlineData("runtime: {directories: [etc]}", "3: runtime.directories: must be an absolute path")]
    [InlineData("runtime: {directories: [/]}", "3: runtime.directories: must be an absolute path")]
    [InlineData("runtime: {directories: [/a/../b]}", "3: runtime.directories: must be an absolute path")]
    [InlineData("runtime: {directories: [/a/./b]}", "3: runtime.directories: must be an absolute path")]
    [InlineData("runtime: {directories: [/a//b]}", "3: runtime.directories: must be an absolute path")]
    [InlineData("runtime: {directories: [/a/]}", "3: runtime.directories: must be an absolute path")]
    [InlineData("runtime: {directories: [\"/a\\nb\"]}", "3: runtime.directories: must be an absolute path")]
    [InlineData("runtime: {directories: [/a], configuration: config.toml}", "3: runtime.configuration: must be an absolute path")]
    [InlineData("runtime: {directories: [/a], socket: /b}", "3: runtime.socket: is not a key")]
    [InlineData("owner: again/owner", "3: is not valid YAML")]
    [InlineData("debug: {", "is not valid YAML")]
    [InlineData("debug: *unknown", "is not valid YAML")]
    [InlineData("mirrors: &m [*m]", "mirrors[0]: must be a mapping")]
    public void Read_refuses_what_is_not_known_or_cannot_be_with_its_place(string more, string problem)
    {
        ConfigurationResult<MirrorConfiguration> result = MirrorConfigurationReader.Read(Least + more);

        Assert.False(result.IsValid);
        Assert.Contains(problem, Assert.Single(result.Errors).Describe("mirrors.yml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry: 127.0.0.1:5000", "1: owner: is required")]
    [InlineData("owner: team\nregistry: 127.0.0.1:5000", "1: owner: must be a LocalRegistry's namespace/name, not \"team\"")]
    [InlineData("owner: Team/registry\nregistry: 127.0.0.1:5000", "1: owner: must be")]
    [InlineData("owner: a/b/c\nregistry: 127.0.0.1:5000", "1: owner: must be")]
    [InlineData("owner: \"a/b\\n[host]\"\nregistry: 127.0.0.1:5000", "1: owner: must be")]
    [InlineData("owner: \"a/b\\n\"\nregistry: 127.0.0.1:5000", "1: owner: must be")]
    [InlineData("owner: a/b..c\nregistry: 127.0.0.1:5000", "1: owner: must be")]
    [InlineData("owner: a/-b\nregistry: 127.0.0.1:5000", "1: owner: must be")]
    [InlineData("owner: team/registry", "1: registry: is required")]
    [InlineData("owner: team/registry\nregistry: :5000", "2: registry: must be an address with a port")]
    [InlineData("owner: team/registry\nregistry: [1]", "2: registry: must be a single value")]
    [InlineData("", "must be one YAML document that is a mapping, beginning with owner")]
    [InlineData("[]", "must be one YAML document")]
    [InlineData("owner: team/registry\n---\nowner: team/registry", "must be one YAML document")]
    public void Read_refuses_a_file_without_its_head(string yaml, string problem)
    {
        ConfigurationResult<MirrorConfiguration> result = MirrorConfigurationReader.Read(yaml);

        Assert.False(result.IsValid);
        Assert.Contains(problem, Assert.Single(result.Errors).Describe("mirrors.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_tells_every_error_once_in_the_order_of_the_file()
    {
        ConfigurationResult<MirrorConfiguration> result = MirrorConfigurationReader.Read("""
            owner: nobody
            registry: nowhere
            mirrors:
              - {prefix: p}
              - {prefix: q}
              - {host: team}
              - {host: other}
            """);

        Assert.Equal([1, 2, 4, 5, 6, 7], result.Errors.Select(e => e.Line));
    }

    [Fact]
    public void Read_takes_as_many_mirrors_as_there_may_be_and_not_one_more()
    {
        Assert.Equal(MirrorConfigurationReader.MostMirrors, Valid(Least + Mirrors(MirrorConfigurationReader.MostMirrors)).Mirrors.Count);
        ConfigurationProblem error = Assert.Single(MirrorConfigurationReader.Read(Least + Mirrors(MirrorConfigurationReader.MostMirrors + 1)).Errors);
        Assert.Equal(("mirrors", 3), (error.Path, error.Line));

        static string Mirrors(int count) => $"mirrors: [{string.Join(", ", Enumerable.Range(0, count).Select(i => $"{{host: h{i}.example.com}}"))}]";
    }

    private static MirrorConfiguration Valid(string yaml)
    {
        ConfigurationResult<MirrorConfiguration> result = MirrorConfigurationReader.Read(yaml);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        return result.Value!;
    }
}
