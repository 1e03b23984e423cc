using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Manifests;

public sealed class MirrorsRenderingTests
{
    private static readonly NodeRuntime Runtime = NodePlatforms.RuntimeOf(NodePlatform.EKS);

    [Fact]
    public void Render_of_mirrors_of_every_kind_is_as_written() => Golden.Match(Render(Samples.Mirrored(), Runtime)!, "mirrors");

    [Fact]
    public void Render_is_read_as_it_was_meant()
    {
        MirrorConfiguration read = Read(Render(Samples.Mirrored(), Runtime));

        Assert.Equal("local-registry/registry", read.Owner);
        Assert.Equal("127.0.0.1:5000", read.Registry.ToString());
        Assert.Equal("127.0.0.1:5001", read.Debug?.ToString());
        Assert.Equal(
            [
                new MirrorRule { Host = ImageHost.DockerHub, Prefix = "mirror/docker.io" },
                new MirrorRule { Host = new ImageHost("quay.example.com:5000"), Fallback = false, Existing = ExistingMirrors.Replace },
                new MirrorRule { Host = ImageHost.Wildcard, Prefix = "others" },
            ],
            read.Mirrors);
        Assert.Equal(["team/app", "mirror/*"], read.Repositories!.Select(r => r.Value));
        Assert.Equal(
            (Runtime.Kind, Runtime.ConfigurationFile, string.Join(' ', Runtime.Directories)),
            (read.Runtime!.Kind, read.Runtime.ConfigurationFile, string.Join(' ', read.Runtime.Directories)));
    }

    [Fact]
    public void Render_for_CRIO_names_its_folder_and_the_one_around_it_and_no_configuration()
    {
        NodeRuntime read = Read(Render(Samples.Mirrored(), NodePlatforms.RuntimeOf(NodePlatform.CRIO))).Runtime!;

        Assert.Equal((RuntimeKind.RegistriesConf, null), (read.Kind, read.ConfigurationFile));
        Assert.Equal(["/etc/containers/registries.conf.d", "/etc/containers"], read.Directories);
    }

    [Fact]
    public void Render_on_a_host_port_names_no_address_that_the_node_does_not_reach() =>
        Assert.Null(Read(Render(Samples.Mirrored() with { Node = new NodeSpec { Network = NodeNetwork.HostPort } }, Runtime)).Debug);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Render_of_repositories_alone_configures_no_node_and_knows_no_hosts(bool isEmpty)
    {
        MirrorConfiguration read = Read(Render(Samples.Spec() with { Mirrors = isEmpty ? [] : null, Repositories = ["team/*"] }, null));

        Assert.False(read.KnowsHosts);
        Assert.Empty(read.Mirrors);
        Assert.Null(read.Runtime);
        Assert.Equal("team/*", Assert.Single(read.Repositories!).Value);
    }

    [Fact]
    public void Render_of_mirrors_alone_leaves_all_repositories_served() =>
        Assert.Null(Read(Render(Samples.Mirrored() with { Repositories = null }, Runtime)).Repositories);

    [Fact]
    public void Render_without_mirrors_writes_no_list_of_them_since_an_empty_one_refuses_every_host() =>
        Assert.DoesNotContain("mirrors", Render(Samples.Spec() with { Repositories = ["team/*"] }, null), StringComparison.Ordinal);

    [Fact]
    public void Closed_has_an_empty_list_of_mirrors_and_no_runtime_whatever_is_asked_for()
    {
        string text = MirrorsRendering.Closed("local-registry/registry", Samples.Mirrored(), 5000, 5001);
        MirrorConfiguration read = Read(text);

        Assert.Contains("mirrors: []", text, StringComparison.Ordinal);
        Assert.Null(read.Runtime);
        Assert.Equal(["team/app", "mirror/*"], read.Repositories!.Select(r => r.Value));
    }

    [Fact]
    public void Render_of_neither_gives_nothing()
    {
        Assert.Null(Render(Samples.Spec(), null));
        Assert.Null(Render(Samples.Spec() with { Mirrors = [] }, null));
    }

    [Theory]
    [InlineData("123")]
    [InlineData("1.5")]
    [InlineData("true")]
    [InlineData("null")]
    public void Render_keeps_texts_texts(string prefix) =>
        Assert.Equal(prefix, Assert.Single(Read(Render(Samples.Spec() with { Mirrors = [new MirrorSpec { Host = "docker.io", Prefix = prefix }] }, Runtime)).Mirrors).Prefix);

    private static string? Render(LocalRegistrySpec spec, NodeRuntime? runtime) =>
        MirrorsRendering.Render("local-registry/registry", spec, 5000, 5001, runtime);

    private static MirrorConfiguration Read(string? yaml)
    {
        ConfigurationResult<MirrorConfiguration> result = MirrorConfigurationReader.Read(yaml!);
        Assert.Empty(result.Errors);
        return result.Value!;
    }
}
