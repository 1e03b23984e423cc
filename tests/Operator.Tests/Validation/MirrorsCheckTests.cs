using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

public sealed class MirrorsCheckTests
{
    private const string Digest = "@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Run_accepts_mirrors_of_every_kind()
    {
        RolloutPlan plan = Run(Samples.Mirrored(), NodePlatform.K3s).Candidate!.Plan;

        Assert.Contains("mirror/docker.io", plan.Mirrors, StringComparison.Ordinal);
        Assert.Equal("/var/lib/rancher/k3s/agent/etc/containerd/certs.d", Assert.Single(plan.Runtime!.Directories));
        Assert.Equal(NodePlatform.K3s, plan.Platform);
    }

    [Fact]
    public void Run_without_mirrors_tells_no_runtime()
    {
        Assert.Null(Run(Samples.Spec()).Candidate!.Plan.Mirrors);
        RolloutPlan plan = Run(Samples.Spec() with { Repositories = ["team/*"] }).Candidate!.Plan;
        Assert.NotNull(plan.Mirrors);
        Assert.Null(plan.Runtime);
        Assert.Null(plan.Platform);
    }

    [Theory]
    [InlineData("registry", "", true, "spec.mirrors[1].host: must be an image host")]
    [InlineData("", "", true, "spec.mirrors[1].host: is required")]
    [InlineData("https://registry.example.com", "", true, "spec.mirrors[1].host: must be an image host")]
    [InlineData("index.docker.io", "", true, "spec.mirrors[1].host: docker.io is there already")]
    [InlineData("quay.example.com", "/mirror", true, "spec.mirrors[1].prefix: must be the beginning")]
    [InlineData("quay.example.com", "mirror/", true, "spec.mirrors[1].prefix: must be the beginning")]
    [InlineData("quay.example.com", "mirror/*", true, "spec.mirrors[1].prefix: must be the beginning")]
    [InlineData("*", "", false, "spec.mirrors[1].fallback: must be true under the wildcard")]
    public void Run_refuses_a_mirror_that_cannot_be(string host, string prefix, bool fallback, string told) => Refused(
        Samples.Spec() with { Mirrors = [new MirrorSpec { Host = "docker.io" }, new MirrorSpec { Host = host, Prefix = prefix, Fallback = fallback }] }, told);

    [Fact]
    public void Run_refuses_more_mirrors_than_a_registry_stands_in_for() => Refused(
        Samples.Spec() with { Mirrors = [.. Enumerable.Range(0, 33).Select(i => new MirrorSpec { Host = $"r{i}.example.com" })] },
        "spec.mirrors: must have 32 entries at most");

    [Theory]
    [InlineData("/team")]
    [InlineData("Team/*")]
    [InlineData("*")]
    public void Run_refuses_a_repository_that_is_none(string repository) =>
        Refused(Samples.Spec() with { Repositories = ["team/*", repository] }, $"spec.repositories: must be repositories such as team/app, or team/* for all below team, not \"{repository}\"");

    [Fact]
    public void Run_refuses_an_empty_choice_of_repositories() =>
        Refused(Samples.Spec() with { Repositories = [] }, "spec.repositories: must have an entry");

    [Theory]
    [InlineData("registry.example.com/localregistry:1", "registry.example.com", true)]
    [InlineData("registry.example.com/localregistry" + Digest, "Registry.Example.com", true)]
    [InlineData("registry.example.com:5000/a/b", "registry.example.com:5000", true)]
    [InlineData("registry.example.com:5000/a/b", "registry.example.com", false)]
    [InlineData("localhost/registry", "localhost", true)]
    [InlineData("localregistry/registry:1", "docker.io", true)]
    [InlineData("registry:1.2", "docker.io", true)]
    [InlineData("registry", "registry-1.docker.io", true)]
    [InlineData("index.docker.io/library/registry", "docker.io", true)]
    [InlineData("localregistry/registry:1", "quay.example.com", false)]
    public void Run_refuses_to_cut_the_nodes_off_from_the_registrys_own_image(string image, string host, bool refused)
    {
        LocalRegistrySpec spec = Samples.Spec() with { Mirrors = [new MirrorSpec { Host = "other.example.com" }, new MirrorSpec { Host = host, Fallback = false }] };

        ConfigurationAnswer answer = ConfigurationCheck.Run(Samples.Registry(spec), new RegistryImage(image), NodePlatform.Containerd);

        Assert.Equal(refused, answer.Candidate is null);
        Assert.Equal(refused, answer.Answer.Message.Contains("spec.mirrors[1].fallback: must be true", StringComparison.Ordinal));
        Assert.Equal(refused, answer.Answer.Message.Contains("never pull it again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("registry.k8s.io", false, true)]
    [InlineData("Registry.K8s.io", false, true)]
    [InlineData("registry.k8s.io", true, false)]
    [InlineData("registry.k8s.io:5000", false, false)]
    [InlineData("k8s.io", false, false)]
    public void Run_refuses_to_cut_the_nodes_off_from_the_images_that_a_pod_needs(string host, bool fallback, bool refused)
    {
        ConfigurationAnswer answer = Run(Samples.Spec() with { Mirrors = [new MirrorSpec { Host = host, Fallback = fallback }] });

        Assert.Equal(refused, answer.Candidate is null);
        Assert.Equal(refused, answer.Answer.Message.Contains("spec.mirrors[0].fallback: must be true for registry.k8s.io, since the pause image", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_tells_of_the_registrys_own_image_alone_where_it_comes_from_kubernetes_host()
    {
        LocalRegistrySpec spec = Samples.Spec() with { Mirrors = [new MirrorSpec { Host = "registry.k8s.io", Fallback = false }] };

        ConfigurationAnswer answer = ConfigurationCheck.Run(Samples.Registry(spec), new RegistryImage("registry.k8s.io/localregistry:1"), NodePlatform.Containerd);

        Assert.Contains("never pull it again", answer.Answer.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pause image", answer.Answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0s", true)]
    [InlineData("5m", true)]
    [InlineData("1h", true)]
    [InlineData("61m", false)]
    [InlineData("-5m", false)]
    [InlineData("soon", false)]
    [InlineData("", false)]
    public void Run_takes_a_time_to_restore_up_to_an_hour(string timeout, bool accepted)
    {
        ConfigurationAnswer answer = Run(Samples.Spec() with { Node = new NodeSpec { Runtime = new NodeRuntimeSpec { RestoreTimeout = timeout } } });

        Assert.Equal(accepted, answer.Candidate is not null);
        Assert.Equal(!accepted, answer.Answer.Message.Contains("spec.node.runtime.restoreTimeout: must be a duration from 0s to 1h", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("etc/certs.d", null, "spec.node.runtime.directory: must be an absolute path")]
    [InlineData("/etc/../certs.d", null, "spec.node.runtime.directory: must be an absolute path")]
    [InlineData("/etc/certs.d/", null, "spec.node.runtime.directory: must be an absolute path")]
    [InlineData("/", null, "spec.node.runtime.directory: must be an absolute path")]
    [InlineData("/etc/a:b", null, "spec.node.runtime.directory: must be an absolute path")]
    [InlineData(null, "config.toml", "spec.node.runtime.configurationFile: must be an absolute path")]
    [InlineData(null, "/config.toml", "spec.node.runtime.configurationFile: must lie in a folder")]
    [InlineData("/etc/containerd", null, "spec.node.runtime.directory: must be a folder that is for mirrors alone")]
    [InlineData("/root/.ssh", null, "spec.node.runtime.directory: must end in /certs.d or /conf.d/hosts")]
    [InlineData("/etc", null, "spec.node.runtime.directory: must end in /certs.d or /conf.d/hosts")]
    [InlineData("/etc/hosts", null, "spec.node.runtime.directory: must end in /certs.d or /conf.d/hosts")]
    [InlineData("/etc/kubernetes/mycerts.d", null, "spec.node.runtime.directory: must end in /certs.d or /conf.d/hosts")]
    [InlineData("/etc/containers/registries.conf.d", null, "spec.node.runtime.directory: must end in /certs.d or /conf.d/hosts")]
    [InlineData(null, "/etc/shadow", "spec.node.runtime.configurationFile: must end in .toml")]
    [InlineData("/etc/localregistry", null, "spec.node.runtime.directory: must be a folder that is for mirrors alone")]
    [InlineData("/run/localregistry", null, "spec.node.runtime.directory: must be a folder that is for mirrors alone")]
    public void Run_refuses_paths_that_cannot_be(string? directory, string? file, string told) => Refused(
        Samples.Mirrored() with { Node = new NodeSpec { Runtime = new NodeRuntimeSpec { Directory = directory, ConfigurationFile = file } } }, told);

    [Theory]
    [InlineData("/etc/containerd/certs.d", "/etc/containerd/config.toml")]
    [InlineData("/var/lib/rancher/k3s/agent/.conf_1/certs.d", null)]
    [InlineData("/etc/cri/conf.d/hosts", "/etc/cri/containerd.toml")]
    public void Run_accepts_paths_of_the_nodes(string directory, string? file) => Assert.NotNull(
        Run(Samples.Mirrored() with { Node = new NodeSpec { Runtime = new NodeRuntimeSpec { Directory = directory, ConfigurationFile = file } } }).Candidate);

    [Fact]
    public void Run_refuses_a_configuration_file_that_CRIO_would_not_heed() => Refused(
        Samples.Mirrored() with { Node = new NodeSpec { Runtime = new NodeRuntimeSpec { ConfigurationFile = "/etc/crio/crio.conf" } } },
        "spec.node.runtime.configurationFile: has no effect with CRI-O",
        NodePlatform.CRIO);

    [Theory]
    [InlineData("/etc/containers/registries.conf.d", true)]
    [InlineData("/etc/containerd/certs.d", false)]
    [InlineData("/etc/systemd/system", false)]
    public void Run_lets_CRIO_be_told_in_no_folder_but_one_of_its_own(string directory, bool accepted)
    {
        ConfigurationAnswer answer = Run(
            Samples.Mirrored() with { Mirrors = [new MirrorSpec { Host = "docker.io" }], Node = new NodeSpec { Runtime = new NodeRuntimeSpec { Directory = directory } } }, NodePlatform.CRIO);

        Assert.Equal(accepted, answer.Candidate is not null);
        Assert.Equal(!accepted, answer.Answer.Message.Contains("spec.node.runtime.directory: must end in /registries.conf.d", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_platforms_folders_are_for_mirrors() => Assert.All(
        Enum.GetValues<NodePlatform>().Select(NodePlatforms.RuntimeOf), r => Assert.True(RestorePlace.Of(r).IsValid, r.Directories[0]));

    [Fact]
    public void Run_refuses_a_folder_of_CRIO_around_which_is_the_whole_node() => Refused(
        Samples.Mirrored() with { Node = new NodeSpec { Runtime = new NodeRuntimeSpec { Directory = "/registries.conf.d" } } },
        "spec.node.runtime.directory: must lie in a folder",
        NodePlatform.CRIO);

    [Fact]
    public void Run_refuses_to_give_the_registrys_rights_to_the_node_configuration() => Refused(
        Samples.Spec() with { ServiceAccount = new ServiceAccountSpec { Name = "registry-node-config" } },
        "spec.serviceAccount.name: must not be registry-node-config");

    private static void Refused(LocalRegistrySpec spec, string told, NodePlatform platform = NodePlatform.Containerd)
    {
        ConfigurationAnswer answer = Run(spec, platform);

        Assert.Equal((ConditionStatus.False, Reasons.InvalidConfiguration), (answer.Answer.Status, answer.Answer.Reason));
        Assert.Contains(told, answer.Answer.Message, StringComparison.Ordinal);
        Assert.Null(answer.Candidate);
    }

    private static ConfigurationAnswer Run(LocalRegistrySpec spec, NodePlatform platform = NodePlatform.Containerd) =>
        ConfigurationCheck.Run(Samples.Registry(spec), Samples.Image, platform);
}
