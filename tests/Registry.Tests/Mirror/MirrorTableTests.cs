using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror;

public sealed class MirrorTableTests
{
    private static readonly MirrorTable Hosts = Table(("registry.example.com", ""), ("quay.io", "mirror/quay"), ("docker.io", "hub"), ("local:5000", "port"), ("localhost", "l"));
    private static readonly MirrorTable WithWildcard = Table(("*", "all"), ("quay.io", "mirror/quay"));

    [Theory]
    [InlineData("registry.example.com", "team/app", "team/app")]
    [InlineData("registry.example.com", "app", "app")]
    [InlineData("quay.io", "team/app", "mirror/quay/team/app")]
    [InlineData("QUAY.IO", "app", "mirror/quay/app")]
    [InlineData("docker.io", "nginx", "hub/library/nginx")]
    [InlineData("docker.io", "library/nginx", "hub/library/nginx")]
    [InlineData("docker.io", "team/app", "hub/team/app")]
    [InlineData("index.docker.io", "nginx", "hub/library/nginx")]
    [InlineData("registry-1.docker.io", "nginx", "hub/library/nginx")]
    [InlineData("local:5000", "app", "port/app")]
    [InlineData("localhost", "app", "l/app")]
    public void Name_of_a_host_lies_below_its_prefix(string host, string name, string repository) => Assert.Equal(repository, Map(Hosts, host, name));

    [Theory]
    [InlineData("registry.example.com", "team/app", "all/registry.example.com/team/app")]
    [InlineData("registry.example.com:5000", "team/app", "all/registry.example.com_5000/team/app")]
    [InlineData("docker.io", "nginx", "all/docker.io/library/nginx")]
    [InlineData("index.docker.io", "nginx", "all/docker.io/library/nginx")]
    [InlineData("10.0.0.1:5000", "app", "all/10.0.0.1_5000/app")]
    [InlineData("xn--bcher-kva.example", "app", "all/xn--bcher-kva.example/app")]
    [InlineData("localhost", "app", "all/localhost/app")]
    [InlineData("quay.io", "team/app", "mirror/quay/team/app")]
    public void Name_of_another_host_lies_below_the_wildcards_prefix_and_the_host(string host, string name, string repository) =>
        Assert.Equal(repository, Map(WithWildcard, host, name));

    [Fact]
    public void Wildcard_without_a_prefix_puts_the_host_first() =>
        Assert.Equal("registry.example.com_5000/app", Map(Table(("*", "")), "registry.example.com:5000", "app"));

    [Theory]
    [InlineData("other.example.com")]
    [InlineData("registry.example.com:5000")]
    [InlineData("registry.example.com_5000")]
    [InlineData("example.com")]
    [InlineData("sub.registry.example.com")]
    [InlineData("*")]
    public void Host_that_has_no_entry_is_not_found(string host) => Assert.Null(Hosts.Find(new ImageHost(host)));

    [Fact]
    public void Wildcard_itself_is_no_host() => Assert.Null(WithWildcard.Find(ImageHost.Wildcard));

    [Theory]
    [InlineData("registry.example.com", "registry.example.com")]
    [InlineData("Registry.Example.com", "registry.example.com")]
    [InlineData("registry-1.docker.io", "docker.io")]
    [InlineData("local:5000", "local:5000")]
    [InlineData("local_5000", "local:5000")]
    [InlineData("localhost", "localhost")]
    [InlineData("localhost_5000", null)]
    [InlineData("registry.example.com_5000", null)]
    [InlineData("other.example.com", null)]
    [InlineData("local", null)]
    [InlineData("team", null)]
    [InlineData("*", null)]
    [InlineData("", null)]
    [InlineData("regi\u017ftry.example.com", null)]
    public void Component_of_a_path_is_a_host_if_the_table_has_it(string component, string? host) => Assert.Equal(host, Hosts.FindInPath(component)?.Host.Value);

    [Theory]
    [InlineData("other.example.com", "other.example.com")]
    [InlineData("team:5000", "team:5000")]
    [InlineData("other.example.com_5000", "other.example.com:5000")]
    [InlineData("team_5000", null)]
    [InlineData("other.example.com_", null)]
    [InlineData("other.example.com_a", null)]
    [InlineData("other.example.com__5000", null)]
    [InlineData("other.example.com:5000_1", null)]
    [InlineData("_.", null)]
    [InlineData("quay.io", "quay.io")]
    [InlineData("localhost", null)]
    [InlineData("team", null)]
    [InlineData("a_b.example", null)]
    [InlineData("..", null)]
    [InlineData("*", null)]
    [InlineData("*:1", null)]
    public void Component_of_a_path_is_a_host_under_the_wildcard_if_it_can_be_nothing_else(string component, string? host) =>
        Assert.Equal(host, WithWildcard.FindInPath(component)?.Host.Value);

    [Theory]
    [InlineData(null, "registry.example.com/team/app", "registry.example.com", "team/app")]
    [InlineData(null, "team/app", null, "team/app")]
    [InlineData(null, "registry.example.com", null, "registry.example.com")]
    [InlineData(null, "other.example.com/app", null, "other.example.com/app")]
    [InlineData(null, "quay.io/registry.example.com/app", "quay.io", "registry.example.com/app")]
    [InlineData("quay.io", "team/app", "quay.io", "team/app")]
    [InlineData("quay.io", "quay.io/team/app", "quay.io", "team/app")]
    [InlineData("quay.io", "docker.io/library/nginx", "quay.io", "docker.io/library/nginx")]
    [InlineData("docker.io", "registry-1.docker.io/nginx", "docker.io", "nginx")]
    [InlineData(null, "/app", null, "/app")]
    [InlineData(null, "registry.example.com/", "registry.example.com", "")]
    public void Name_may_have_its_host_before_it(string? given, string text, string? host, string name)
    {
        ClientName read = Hosts.Read(given is null ? null : Hosts.Find(new ImageHost(given)), text);

        Assert.Equal((host, name), (read.Host?.Host.Value, read.Name));
    }

    [Theory]
    [InlineData("registry.example.com", "")]
    [InlineData("registry.example.com", "/app")]
    [InlineData("registry.example.com", "app/")]
    [InlineData("registry.example.com", "a//b")]
    [InlineData("registry.example.com", "Team/app")]
    [InlineData("registry.example.com", "../app")]
    [InlineData("registry.example.com", "_layers")]
    [InlineData("quay.io", "../../app")]
    [InlineData("quay.io", "")]
    [InlineData("docker.io", "")]
    [InlineData("docker.io", "NGINX")]
    public void Name_that_no_repository_can_have_maps_to_none(string host, string name) =>
        Assert.False(new ClientName(Hosts.Find(new ImageHost(host)), name).TryMap(out _));

    [Fact]
    public void Name_maps_to_none_if_it_is_too_long_with_the_prefix()
    {
        MirroredHost? quay = Hosts.Find(new ImageHost("quay.io"));
        string longest = new('n', RepositoryName.MaximumLength - "mirror/quay/".Length);

        Assert.True(new ClientName(quay, longest).TryMap(out _));
        Assert.False(new ClientName(quay, longest + "n").TryMap(out _));
        Assert.True(new ClientName(Hosts.Find(new ImageHost("registry.example.com")), longest + "n").TryMap(out _));
    }

    [Theory]
    [InlineData("registry.example.com", "localregistry.dev/canary", true)]
    [InlineData("registry.example.com", "localregistry.dev/canary2", false)]
    [InlineData("docker.io", "localregistry.dev/canary", true)]
    [InlineData(null, "localregistry.dev/canary", false)]
    public void Canary_is_a_repository_of_hosts_alone(string? host, string name, bool isCanary) =>
        Assert.Equal(isCanary, new ClientName(host is null ? null : Hosts.Find(new ImageHost(host)), name).IsCanary);

    [Theory]
    [InlineData("team/app", true)]
    [InlineData("one", true)]
    [InlineData("team", false)]
    [InlineData("one/app", false)]
    [InlineData("other", false)]
    public void Table_with_a_choice_of_repositories_serves_those_alone(string name, bool serves)
    {
        MirrorTable table = new(new MirrorConfiguration
        {
            Owner = "team/registry",
            Registry = new ListenAddress(null, 5000),
            Repositories = [new RepositoryPattern("team/*"), new RepositoryPattern("one")],
        });

        Assert.Equal(serves, table.Serves(new RepositoryName(name)));
    }

    [Fact]
    public void Table_serves_all_without_a_choice_and_nothing_by_an_empty_one()
    {
        var configuration = new MirrorConfiguration { Owner = "team/registry", Registry = new ListenAddress(null, 5000) };

        Assert.True(MirrorTable.None.Serves("any"));
        Assert.True(new MirrorTable(configuration).Serves("any"));
        Assert.False(new MirrorTable(configuration with { Repositories = [] }).Serves("any"));
        Assert.True(MirrorTable.None.ServesBelow("any/"));
        Assert.True(new MirrorTable(configuration with { Repositories = [new RepositoryPattern("one"), new RepositoryPattern("any/*")] }).ServesBelow("any/"));
        Assert.False(new MirrorTable(configuration with { Repositories = [new RepositoryPattern("any")] }).ServesBelow("any/"));
        Assert.Equal((false, true), (MirrorTable.None.Exists, new MirrorTable(configuration).Exists));
        Assert.False(new MirrorTable(configuration with { KnowsHosts = false }).Exists);
    }

    [Fact]
    public void Direct_name_costs_no_memory()
    {
        Assert.Null(Hosts.Read(null, "team/app").Host);
        Assert.Null(WithWildcard.Read(null, "team/app").Host);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Hosts.Read(null, "team/app").TryMap(out _);
            WithWildcard.Read(null, "team/app").TryMap(out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string? Map(MirrorTable table, string host, string name)
    {
        Assert.True(ImageHost.TryParse(host, out ImageHost parsed));
        return new ClientName(table.Find(parsed), name).TryMap(out RepositoryName mapped) ? mapped.Value : null;
    }

    private static MirrorTable Table(params IEnumerable<(string Host, string Prefix)> mirrors) => new(TestMirrors.Of(mirrors));
}
