using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Manifests;

public sealed class NodeConfigTests
{
    [Fact]
    public void DaemonSet_is_as_written() => Golden.Match(Build(), "node-config-daemonset");

    [Fact]
    public void ConfigMap_is_as_written() => Golden.Match(MirrorsConfigMap.Build(Samples.Owner, Plan())!, "mirrors-configmap");

    [Fact]
    public void ServiceAccount_is_as_written() => Golden.Match(NodeConfigServiceAccount.Build(Samples.Owner), "node-config-serviceaccount");

    [Fact]
    public void Registry_that_stands_in_is_as_written() => Golden.Match(RegistryDaemonSet.Build(Samples.Owner, Plan()), "daemonset-mirrors");

    [Fact]
    public void Nothing_of_it_is_there_without_mirrors()
    {
        Assert.Null(NodeConfigDaemonSet.Build(Samples.Owner, Samples.Plan()));
        Assert.Null(MirrorsConfigMap.Build(Samples.Owner, Samples.Plan()));
    }

    [Fact]
    public void Repositories_alone_reach_the_registry_and_no_runtime()
    {
        RolloutPlan plan = Samples.Plan(Samples.Spec() with { Repositories = ["team/*"] });

        Assert.Null(NodeConfigDaemonSet.Build(Samples.Owner, plan));
        Assert.NotNull(MirrorsConfigMap.Build(Samples.Owner, plan));
        Assert.Contains("--mirrors", RegistryDaemonSet.Build(Samples.Owner, plan).Spec.Template.Spec.Containers[0].Args);
    }

    [Fact]
    public void Runs_where_the_registry_runs()
    {
        NodeSpec node = new()
        {
            NodeSelector = new Dictionary<string, string> { ["pool"] = "edge" },
            Tolerations = [new V1Toleration { Key = "dedicated", OperatorProperty = "Exists", Effect = "NoSchedule" }],
        };

        V1PodSpec pod = Build(Samples.Mirrored() with { Node = node }).Spec.Template.Spec;

        Assert.Equal("edge", Assert.Single(pod.NodeSelector).Value);
        Assert.Equal("dedicated", Assert.Single(pod.Tolerations).Key);
    }

    [Fact]
    public void Selects_its_own_pods_and_not_the_registrys()
    {
        V1DaemonSetSpec own = Build().Spec, registry = RegistryDaemonSet.Build(Samples.Owner, Plan()).Spec;

        Assert.All(own.Selector.MatchLabels, l => Assert.Equal(l.Value, own.Template.Metadata.Labels[l.Key]));
        Assert.Contains(own.Selector.MatchLabels, l => registry.Template.Metadata.Labels[l.Key] != l.Value);
    }

    [Fact]
    public void Has_the_ServiceAccount_that_is_made_for_it()
    {
        V1ServiceAccount account = NodeConfigServiceAccount.Build(Samples.Owner);

        Assert.Equal(account.Name(), Build().Spec.Template.Spec.ServiceAccountName);
        Assert.Null(account.Metadata.Annotations);
    }

    [Fact]
    public void Preflight_does_without_mirrors() =>
        Assert.DoesNotContain(PreflightJob.Build(Samples.Owner, Plan(), 1, 0, null).Spec.Template.Spec.Volumes, v => v.Name == NodeConfigPod.MirrorsVolume);

    [Fact]
    public void Preflight_is_not_made_again_when_only_mirrors_change() =>
        Assert.Equal(PreflightJob.InputsHash(Samples.Owner, Samples.Plan()), PreflightJob.InputsHash(Samples.Owner, Plan()));

    [Fact]
    public void Plan_with_mirrors_comes_back_from_the_revision_that_keeps_it()
    {
        string json = k8s.KubernetesJson.Serialize(AppliedRevision.Build(Samples.Owner, Plan(), 4));

        RolloutPlan read = AppliedRevision.Read(k8s.KubernetesJson.Deserialize<V1ControllerRevision>(json))!;

        Assert.Equal(k8s.KubernetesJson.Serialize(Plan()), k8s.KubernetesJson.Serialize(read));
        Assert.Equal(Plan().MirrorsHash, read.MirrorsHash);
        Assert.Equal(k8s.KubernetesJson.Serialize(Build()), k8s.KubernetesJson.Serialize(NodeConfigDaemonSet.Build(Samples.Owner, read)!));
    }

    [Fact]
    public void On_CRIO_the_folder_around_the_one_that_is_written_is_seen_and_mounted_first()
    {
        NodeSpec node = new() { Runtime = new NodeRuntimeSpec { Platform = NodePlatform.CRIO } };

        IEnumerable<V1VolumeMount> mounts = Build(Samples.Mirrored() with { Node = node }).Spec.Template.Spec.Containers[0].VolumeMounts;

        Assert.Equal(
            [("/etc/containers", true), ("/etc/containers/registries.conf.d", null)],
            mounts.Where(m => m.MountPath.StartsWith("/etc/containers", StringComparison.Ordinal)).Select(m => (m.MountPath, m.ReadOnlyProperty)));
    }

    private static RolloutPlan Plan(LocalRegistrySpec? spec = null) => Samples.Plan(spec ?? Samples.Mirrored());

    private static V1DaemonSet Build(LocalRegistrySpec? spec = null) => NodeConfigDaemonSet.Build(Samples.Owner, Plan(spec))!;
}
