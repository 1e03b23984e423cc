using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Restoration;

public sealed class SafeguardTests : IAsyncDisposable
{
    private readonly Cluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Before_mirrors_are_applied_the_memory_is_made_and_the_finalizer_set_once()
    {
        RolloutPlan plan = _cluster.Apply();
        _cluster.Registry!.Metadata.Finalizers = ["example.com/other"];

        Assert.Null(await BeforeAsync(plan));
        int requests = _cluster.Requests.Count;
        Assert.Null(await BeforeAsync(plan));

        Assert.Equal(
            [
                "POST /api/v1/namespaces/local-registry/configmaps",
                "PATCH /apis/localregistry.dev/v1alpha1/namespaces/local-registry/localregistries/registry?force=true&fieldManager=localregistry-operator-finalizer",
            ],
            _cluster.Requests);
        Assert.Equal(requests, _cluster.Requests.Count);
        Assert.Equal(["example.com/other", Labels.RestoreNodes], _cluster.Registry.Metadata.Finalizers);
        Assert.Null(_cluster.Memory!.OwnerReferences());
        Assert.Equal("localregistry-operator", _cluster.Memory.GetLabel(Labels.ManagedBy));
        Assert.Empty(_cluster.Remembered);
    }

    [Fact]
    public async Task Without_mirrors_there_is_neither_memory_nor_finalizer()
    {
        RolloutPlan plan = _cluster.Apply(Samples.Spec());
        _cluster.Registry!.Metadata.Finalizers = null;

        Assert.Null(await BeforeAsync(plan));
        await AfterAsync(plan);

        Assert.Empty(_cluster.Requests);
    }

    [Fact]
    public async Task Memory_whose_name_is_taken_keeps_the_nodes_from_being_configured()
    {
        RolloutPlan plan = _cluster.Apply();
        _cluster.Registry!.Metadata.Finalizers = null;
        _cluster.ConfigMaps.Items.Add(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "registry-configured-nodes", NamespaceProperty = Cluster.Key.Namespace } });

        Assert.Equal("ConfigMap \"registry-configured-nodes\"", await BeforeAsync(plan));

        Assert.DoesNotContain(_cluster.Requests, r => r.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Memory_that_lies_there_from_before_is_taken_over_with_its_nodes_and_their_place()
    {
        _cluster.Remember("a");
        RolloutPlan plan = _cluster.Apply(WithPlatform(NodePlatform.K3s));

        await BeforeAsync(plan);

        Assert.Equal(["a"], _cluster.Remembered);
        Assert.Equal(
            [new RestorePlace(RuntimeKind.Containerd, "/var/lib/rancher/k3s/agent/etc/containerd/certs.d"), new RestorePlace(RuntimeKind.Containerd, "/etc/containerd/certs.d")],
            ConfiguredNodesConfigMap.Read(_cluster.Memory!)!.Places);
    }

    [Fact]
    public async Task Place_that_no_node_can_have_is_not_remembered()
    {
        _cluster.Remember();
        RolloutPlan plan = _cluster.Apply(WithPlatform(NodePlatform.CRIO));

        await BeforeAsync(plan);

        Assert.Equal([new RestorePlace(RuntimeKind.RegistriesConf, "/etc/containers/registries.conf.d")], ConfiguredNodesConfigMap.Read(_cluster.Memory!)!.Places);
    }

    [Fact]
    public async Task Memory_that_was_deleted_meanwhile_is_made_anew()
    {
        RolloutPlan plan = _cluster.Apply();
        await BeforeAsync(plan);
        _cluster.Late = _cluster.Memory;
        _cluster.ConfigMaps.Items.Clear();

        await BeforeAsync(plan with { Image = plan.Image with { Reference = "registry.example.com/localregistry:2" } });
        Assert.Equal("registry.example.com/localregistry:2", ConfiguredNodesConfigMap.Read(_cluster.Memory!)!.Image.Reference);
        Assert.NotEqual(_cluster.Late!.Uid(), _cluster.Memory!.Uid());
    }

    [Fact]
    public async Task After_mirrors_are_gone_the_finalizer_goes_with_the_last_node()
    {
        RolloutPlan plan = _cluster.Apply(Samples.Spec());
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        await AfterAsync(plan);
        Assert.Contains(Labels.RestoreNodes, _cluster.Registry!.Metadata.Finalizers);

        await _cluster.ReconcileAsync();
        _cluster.End("a", "Succeeded");
        await _cluster.ReconcileAsync();
        await AfterAsync(plan);

        Assert.Empty(_cluster.Registry.Metadata.Finalizers);
    }

    [Fact]
    public void Registry_stands_in_for_no_host_while_a_node_is_remembered_that_should_not_have_mirrors()
    {
        RolloutPlan plan = _cluster.Apply(Samples.Spec() with { Repositories = ["team/*"] });
        _cluster.Remember("a");

        RolloutPlan given = OnNodes(plan);

        Assert.Contains("mirrors: []", given.Mirrors, StringComparison.Ordinal);
        Assert.Contains("team/*", given.Mirrors, StringComparison.Ordinal);
        Assert.Null(given.Runtime);
        Assert.NotEqual(plan.MirrorsHash, given.MirrorsHash);
        _cluster.ConfigMaps.Items.Clear();
        Assert.Same(plan, OnNodes(plan));
    }

    [Fact]
    public void Registry_stands_in_for_no_host_while_a_node_configuration_pod_has_not_ended()
    {
        RolloutPlan plan = _cluster.Apply(Samples.Spec());
        _cluster.AddNodeConfigPod("a");
        Assert.Contains("mirrors: []", OnNodes(plan).Mirrors, StringComparison.Ordinal);

        _cluster.RemoveNodeConfigPods();
        Assert.Null(OnNodes(plan).Mirrors);
    }

    [Fact]
    public void Registry_is_given_the_mirrors_that_are_asked_for()
    {
        RolloutPlan plan = _cluster.Apply();
        _cluster.Remember("a");

        Assert.Same(plan, OnNodes(plan));
    }

    [Fact]
    public async Task While_mirrors_are_asked_for_the_finalizer_stays()
    {
        RolloutPlan plan = _cluster.Apply();

        await AfterAsync(plan);

        Assert.Empty(_cluster.Requests);
    }

    private Task<string?> BeforeAsync(RolloutPlan plan) => _cluster.Safeguard.BeforeAsync(_cluster.Registry!, plan, Cluster.Cancel);

    private RolloutPlan OnNodes(RolloutPlan plan) => _cluster.Safeguard.OnNodes(_cluster.Registry!, plan);

    private Task AfterAsync(RolloutPlan plan) => _cluster.Safeguard.AfterAsync(_cluster.Registry!, plan, Cluster.Cancel);

    private static LocalRegistrySpec WithPlatform(NodePlatform platform) =>
        Samples.Mirrored() with { Node = new NodeSpec { Runtime = new NodeRuntimeSpec { Platform = platform } } };
}
