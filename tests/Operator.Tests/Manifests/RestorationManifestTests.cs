using System.Text;
using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Manifests;

public sealed class RestorationManifestTests
{
    private static readonly RestorePlace Kubeadm = new(RuntimeKind.Containerd, "/etc/containerd/certs.d");
    private static readonly RestorePlace Crio = new(RuntimeKind.RegistriesConf, "/etc/containers/registries.conf.d");

    [Fact]
    public void Restoring_pod_is_as_written() => Golden.Match(Pod(Kubeadm), "node-restore");

    [Fact]
    public void Restoring_pod_writes_every_place_where_the_node_may_be_configured_by_a_container_of_its_own()
    {
        V1PodSpec spec = Pod(Crio, Kubeadm).Spec;

        Assert.Equal(["node-config", "node-config-1"], spec.Containers.Select(c => c.Name));
        Assert.Equal(
            ["registriesconf /etc/containers/registries.conf.d", "containerd /etc/containerd/certs.d"],
            spec.Containers.Select(c => $"{c.Args[5]} {c.Args[7]}"));
        Assert.Equal(["/etc/containers/registries.conf.d", "/etc/containerd/certs.d"], spec.Volumes.Select(v => v.HostPath.Path));
        Assert.All(spec.Containers, c => Assert.All(c.VolumeMounts, m => Assert.NotEqual(true, m.ReadOnlyProperty)));
    }

    [Theory]
    [InlineData(null, "IfNotPresent")]
    [InlineData("Always", "IfNotPresent")]
    [InlineData("Never", "Never")]
    public void Restoring_pod_does_not_pull_what_the_node_has(string? policy, string expected) => Assert.Equal(
        expected,
        NodeRestorePod.Build(Nodes(Kubeadm), Memory(), new RegistryImage("registry:1", policy), "node-1").Spec.Containers[0].ImagePullPolicy);

    [Fact]
    public void Memory_of_a_thousand_nodes_with_the_longest_names_fits_and_reads_back()
    {
        ConfiguredNodes nodes = Nodes(Kubeadm, Crio) with { Names = ConfiguredNodes.NoNames.Union(Enumerable.Range(1000, 1000).Select(i => $"{i}{new string('n', 249)}")) };

        V1ConfigMap memory = ConfiguredNodesConfigMap.Build(nodes);

        // What Kubernetes lets a ConfigMap have.
        Assert.InRange(memory.Data.Sum(d => Encoding.UTF8.GetByteCount(d.Key + d.Value)), 1000 * 253, 1 << 20);
        ConfiguredNodes read = ConfiguredNodesConfigMap.Read(memory)!;
        Assert.Equal((nodes.Resource, nodes.Image), (read.Resource, read.Image));
        Assert.Equal(nodes.Places, read.Places);
        Assert.Equal(nodes.Names, read.Names);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"image": {"reference": "r"}, "places": []}""")]
    [InlineData("""{"image": {"reference": "r"}, "places": [{"kind": "Containerd", "directory": "certs.d"}]}""")]
    [InlineData("""{"image": {"reference": "r"}, "places": [{"kind": "Containerd", "directory": "/root/.ssh"}]}""")]
    [InlineData("""{"image": {"reference": "r"}, "places": [{"kind": "Containerd", "directory": "/etc/containers/registries.conf.d"}]}""")]
    [InlineData("""{"image": {"reference": "r"}, "places": [{"kind": "RegistriesConf", "directory": "/etc/containerd/certs.d"}]}""")]
    [InlineData("""{"image": {"reference": "r"}, "places": [{"kind": "Containerd", "directory": "/etc/./certs.d"}]}""")]
    [InlineData("""{"image": {"reference": "r"}, "places": [{"kind": "Containerd", "directory": "/etc/../root"}]}""")]
    [InlineData("""{"image": {"reference": "r"}, "places": [{"kind": "Containerd"}]}""")]
    [InlineData("""{"image": {"reference": "r"}, "places": [{"kind": "Other", "directory": "/etc/containerd"}]}""")]
    [InlineData("""{"image": {"reference": ""}, "places": [{"kind": "Containerd", "directory": "/etc/containerd"}]}""")]
    public void Memory_that_cannot_be_what_was_written_is_not_read(string restore)
    {
        V1ConfigMap memory = ConfiguredNodesConfigMap.Build(Nodes(Kubeadm));
        memory.Data[ConfiguredNodesConfigMap.RestoreKey] = restore;

        Assert.Null(ConfiguredNodesConfigMap.Read(memory));
    }

    [Theory]
    [InlineData("a.example.com:5000/r", "a.example.com:5000/r:1", true)]
    [InlineData("a.example.com/r:1", "a.example.com/r:2@sha256:0", true)]
    [InlineData("a.example.com/r:1", "a.example.com/r/s:1", false)]
    [InlineData("a.example.com/r:1", "a.example.com:5000/r:1", false)]
    public void Images_are_of_the_same_repository_whatever_tag_and_digest_say(string one, string other, bool same) =>
        Assert.Equal(same, new RegistryImage(one).IsSameRepository(new RegistryImage(other)));

    private static V1Pod Pod(params RestorePlace[] places) => NodeRestorePod.Build(Nodes(places), Memory(), Samples.Image, "node-1");

    private static ConfiguredNodes Nodes(params RestorePlace[] places) => new()
    {
        Resource = new ResourceKey(Samples.Owner.Namespace, Samples.Owner.Name),
        Image = Samples.Image,
        Places = places,
    };

    private static V1ConfigMap Memory()
    {
        V1ConfigMap memory = ConfiguredNodesConfigMap.Build(Nodes(Kubeadm));
        memory.Metadata.Uid = "99999999-2222-3333-4444-555555555555";
        return memory;
    }
}
