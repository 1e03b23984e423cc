using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Manifests;

public sealed class PlatformDetectionTests
{
    [Theory]
    [InlineData("v1.33.4", "Debian GNU/Linux 12 (bookworm)", "containerd://2.1.4", NodePlatform.Containerd)]
    [InlineData("v1.33.4-eks-3abbec1", "Amazon Linux 2023.8.20250818", "containerd://1.7.27", NodePlatform.EKS)]
    [InlineData("v1.33.4+k3s1", "Ubuntu 24.04.3 LTS", "containerd://2.0.5-k3s2", NodePlatform.K3s)]
    [InlineData("v1.33.4+rke2r1", "SUSE Linux Enterprise Micro 6.1", "containerd://2.0.5-k3s2", NodePlatform.RKE2)]
    [InlineData("v1.33.4+k0s", "Debian GNU/Linux 12 (bookworm)", "containerd://1.7.27", NodePlatform.K0s)]
    [InlineData("v1.33.4", "Talos (v1.11.1)", "containerd://2.1.4", NodePlatform.Talos)]
    [InlineData("v1.33.4", "Red Hat Enterprise Linux CoreOS 9.6", "cri-o://1.33.4-2.rhaos4.20.git", NodePlatform.CRIO)]
    [InlineData("v1.33.4+k3s1", "Debian GNU/Linux 12 (bookworm)", "cri-o://1.33.4", NodePlatform.CRIO)]
    [InlineData("v1.33.4", "Debian GNU/Linux 12 (bookworm)", "docker://28.3.3", NodePlatform.Containerd)]
    public void Of_a_node_goes_by_what_its_kubelet_says(string kubelet, string system, string runtime, NodePlatform expected) =>
        Assert.Equal(expected, PlatformDetection.Of([Node(kubelet, system, runtime)], null, null));

    [Fact]
    public void Of_no_nodes_is_containerd() => Assert.Equal(NodePlatform.Containerd, PlatformDetection.Of([], null, null));

    [Fact]
    public void Of_a_node_that_has_said_nothing_yet_is_containerd() =>
        Assert.Equal(NodePlatform.Containerd, PlatformDetection.Of([new V1Node { Metadata = new V1ObjectMeta { Name = "new" } }], null, null));

    [Fact]
    public void Of_nodes_of_several_kinds_is_the_most_frequent() =>
        Assert.Equal(NodePlatform.RKE2, PlatformDetection.Of([Node("v1+k3s1"), Node("v1+rke2r1"), Node("v1+rke2r1")], null, null));

    [Fact]
    public void Of_kinds_that_are_equally_many_does_not_depend_on_the_nodes_order()
    {
        V1Node[] nodes = [Node("v1+rke2r1"), Node("v1+k3s1"), Node("v1")];

        Assert.Equal(NodePlatform.Containerd, PlatformDetection.Of(nodes, null, null));
        Assert.Equal(NodePlatform.Containerd, PlatformDetection.Of(nodes.Reverse(), null, null));
        Assert.Equal(NodePlatform.K3s, PlatformDetection.Of(nodes[..2], null, null));
        Assert.Equal(NodePlatform.K3s, PlatformDetection.Of(nodes[..2].Reverse(), null, null));
    }

    [Fact]
    public void Of_looks_only_at_nodes_that_the_resource_chooses()
    {
        V1Node chosen = Node("v1+k3s1");
        chosen.Metadata.Labels = new Dictionary<string, string> { ["pool"] = "edge", ["arch"] = "arm64" };
        V1Node half = Node("v1+rke2r1");
        half.Metadata.Labels = new Dictionary<string, string> { ["pool"] = "edge" };
        V1Node[] nodes = [chosen, half, Node("v1+rke2r1")];

        Assert.Equal(NodePlatform.K3s, PlatformDetection.Of(nodes, new Dictionary<string, string> { ["pool"] = "edge", ["arch"] = "arm64" }, null));
        Assert.Equal(NodePlatform.RKE2, PlatformDetection.Of(nodes, new Dictionary<string, string>(), null));
    }

    [Fact]
    public void Of_no_nodes_is_what_they_were_last() => Assert.Equal(NodePlatform.K3s, PlatformDetection.Of([], null, NodePlatform.K3s));

    [Fact]
    public void Of_nodes_that_have_said_nothing_yet_is_what_they_were_last() =>
        Assert.Equal(NodePlatform.K3s, PlatformDetection.Of([new V1Node { Metadata = new V1ObjectMeta { Name = "new" } }], null, NodePlatform.K3s));

    [Fact]
    public void Of_nodes_of_several_kinds_stays_until_the_last_of_that_kind_is_gone()
    {
        V1Node[] nodes = [Node("v1+k3s1"), Node("v1+rke2r1"), Node("v1+rke2r1")];

        Assert.Equal(NodePlatform.K3s, PlatformDetection.Of(nodes, null, NodePlatform.K3s));
        Assert.Equal(NodePlatform.RKE2, PlatformDetection.Of(nodes[1..], null, NodePlatform.K3s));
        Assert.Equal(NodePlatform.RKE2, PlatformDetection.Of(nodes, null, NodePlatform.Talos));
    }

    [Fact]
    public void Runtime_is_that_of_the_platform_that_is_seen() =>
        Assert.Equal("/var/lib/rancher/k3s/agent/etc/containerd/certs.d", Runtime(new NodeRuntimeSpec(), NodePlatform.K3s));

    [Fact]
    public void Runtime_of_a_platform_that_is_asked_for_goes_before_what_is_seen() =>
        Assert.Equal("/etc/cri/conf.d/hosts", Runtime(new NodeRuntimeSpec { Platform = NodePlatform.Talos }, NodePlatform.K3s));

    [Fact]
    public void Runtime_with_paths_of_its_own_has_those_in_place_of_the_platforms()
    {
        NodeRuntime runtime = PlatformDetection.Runtime(new NodeRuntimeSpec { Directory = "/opt/certs.d", ConfigurationFile = "/opt/containerd/config.toml" }, NodePlatform.EKS);

        Assert.Equal((RuntimeKind.Containerd, "/opt/containerd/config.toml"), (runtime.Kind, runtime.ConfigurationFile));
        // What the platform's other folders have is read all the same.
        Assert.Equal(["/opt/certs.d", "/etc/docker/certs.d"], runtime.Directories);
        Assert.Equal("/etc/docker/certs.d", Runtime(new NodeRuntimeSpec { Directory = "/etc/docker/certs.d" }, NodePlatform.EKS));
    }

    [Fact]
    public void Runtime_of_CRIO_reads_the_folder_around_the_one_that_is_asked_for() =>
        Assert.Equal(
            ["/opt/containers/conf.d", "/opt/containers"],
            PlatformDetection.Runtime(new NodeRuntimeSpec { Directory = "/opt/containers/conf.d" }, NodePlatform.CRIO).Directories);

    [Fact]
    public void Runtime_of_CRIO_has_no_configuration_file_whatever_is_asked_for() =>
        Assert.Null(PlatformDetection.Runtime(new NodeRuntimeSpec { ConfigurationFile = "/etc/crio/crio.conf" }, NodePlatform.CRIO).ConfigurationFile);

    private static string Runtime(NodeRuntimeSpec spec, NodePlatform seen) => Assert.Single(PlatformDetection.Runtime(spec, seen).Directories);

    private static V1Node Node(string kubelet, string system = "Debian GNU/Linux 12 (bookworm)", string runtime = "containerd://2.1.4") => Samples.Parse<V1Node>($"""
        metadata:
          name: node
        status:
          nodeInfo:
            kubeletVersion: "{kubelet}"
            osImage: "{system}"
            containerRuntimeVersion: "{runtime}"
        """);
}
