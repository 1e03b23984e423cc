using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using Xunit;

namespace LocalRegistry.Operator.Tests.Restoration;

public sealed class DeletionTests : IAsyncDisposable
{
    private readonly Cluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Resource_without_the_finalizer_goes_without_ado()
    {
        _cluster.Apply();
        _cluster.Registry!.Metadata.Finalizers = null;
        _cluster.BeginDeletion();

        ReconciliationResult<V1Alpha1LocalRegistry> result = await _cluster.DeleteAsync();

        Assert.Empty(_cluster.Requests);
        Assert.Null(result.RequeueAfter);
    }

    [Fact]
    public async Task Deletion_first_removes_the_node_configuration_and_goes_on_when_that_is_gone()
    {
        RolloutPlan plan = _cluster.Apply();
        _cluster.DaemonSets.Items.Add(NodeConfigDaemonSet.Build(Samples.Owner, plan)!);
        _cluster.DaemonSets.Items.Add(RegistryDaemonSet.Build(Samples.Owner, plan));
        _cluster.Remember();
        _cluster.BeginDeletion();

        ReconciliationResult<V1Alpha1LocalRegistry> result = await _cluster.DeleteAsync();
        Assert.Equal(TimeSpan.FromSeconds(5), result.RequeueAfter);
        Assert.True(IsHeld());
        // The registry serves on.
        Assert.Equal(["registry"], _cluster.DaemonSets.Items.Select(d => d.Name()));

        await _cluster.DeleteAsync();
        Assert.False(IsHeld());
    }

    [Fact]
    public async Task Deletion_leaves_a_DaemonSet_of_someone_else_alone()
    {
        RolloutPlan plan = _cluster.Apply();
        V1DaemonSet foreign = NodeConfigDaemonSet.Build(Samples.Owner with { Uid = "other" }, plan)!;
        _cluster.DaemonSets.Items.Add(foreign);
        _cluster.BeginDeletion();

        await _cluster.DeleteAsync();

        Assert.Equal([foreign], _cluster.DaemonSets.Items);
        Assert.False(IsHeld());
    }

    [Fact]
    public async Task Deletion_waits_for_pods_that_are_not_remembered_yet_and_for_nodes_that_are()
    {
        _cluster.Apply();
        _cluster.AddNodes("a", "b");
        _cluster.Remember("a");
        _cluster.AddNodeConfigPod("b");
        _cluster.BeginDeletion();

        await _cluster.DeleteAsync();

        Assert.True(IsHeld());
        Assert.Contains("2 nodes (b: its node-configuration pod has not ended yet; a: waits for its turn)", Told(ConditionTypes.Ready).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletion_that_waits_says_what_for_until_when_and_what_to_do()
    {
        _cluster.Apply();
        Condition available = new() { Type = ConditionTypes.Available, Status = ConditionStatus.True, Reason = Reasons.NodesServing, Message = "all" };
        _cluster.Registry!.Status = new LocalRegistryStatus { Conditions = [available] };
        string[] names = [.. Enumerable.Range(1, 9).Select(i => $"node-{i}")];
        _cluster.AddNodes(names);
        _cluster.Remember(names);
        _cluster.SetReady("node-7", false);
        _cluster.BeginDeletion();

        await _cluster.DeleteAsync();
        int requests = _cluster.Requests.Count;
        _cluster.Time.Advance(TimeSpan.FromSeconds(5));
        await _cluster.DeleteAsync();

        Assert.Equal(requests, _cluster.Requests.Count);
        Condition told = Told(ConditionTypes.MirrorConfigured);
        Assert.Equal((ConditionStatus.False, Reasons.RestoringNodes), (told.Status, told.Reason));
        Assert.Equal(
            "This resource is being deleted and waits, until 2026-03-01T12:05:00Z at the latest, for nodes to be restored to what they were before: "
            + "9 nodes (node-7: the node is not ready; node-1: waits for its turn; node-2: waits for its turn; 6 more). "
            + "Annotate it with localregistry.dev/abandon-nodes=true to let it go at once; the nodes are then restored later.",
            told.Message);
        Assert.Equal((ConditionStatus.False, told.Message), (Told(ConditionTypes.Ready).Status, Told(ConditionTypes.Ready).Message));
        Assert.Equal(available, Told(ConditionTypes.Available));
    }

    [Fact]
    public async Task Deletion_ends_when_every_node_is_restored_and_leaves_finalizers_of_others()
    {
        _cluster.Apply();
        _cluster.Registry!.Metadata.Finalizers.Add("example.com/other");
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        _cluster.BeginDeletion();
        await _cluster.DeleteAsync();
        await _cluster.ReconcileAsync();
        Assert.True(IsHeld());

        _cluster.End("a", "Succeeded");
        await _cluster.ReconcileAsync();
        await _cluster.DeleteAsync();

        Assert.Equal(["example.com/other"], _cluster.Registry.Metadata.Finalizers);
        Assert.DoesNotContain(_cluster.Events.All, e => e.Type == "Warning");
    }

    [Fact]
    public async Task Deletion_that_takes_too_long_lets_go_with_a_warning_and_the_nodes_are_restored_later()
    {
        _cluster.Apply(Samples.Mirrored() with { Node = new NodeSpec { Runtime = new NodeRuntimeSpec { RestoreTimeout = "90s" } } });
        string[] names = [.. Enumerable.Range(1, 5).Select(i => $"node-{i}")];
        _cluster.AddNodes(names);
        _cluster.Remember(names);
        foreach (string name in names)
        {
            _cluster.SetReady(name, false);
        }

        _cluster.BeginDeletion(TimeSpan.FromSeconds(88));
        Assert.Equal(TimeSpan.FromSeconds(2), (await _cluster.DeleteAsync()).RequeueAfter);
        Assert.True(IsHeld());
        _cluster.Time.Advance(TimeSpan.FromSeconds(2));
        await _cluster.DeleteAsync();

        Assert.False(IsHeld());
        Corev1Event told = _cluster.Events.All.Single(e => e.Type == "Warning");
        Assert.Equal("NodesLeftBehind", told.Reason);
        Assert.Equal(
            "spec.node.runtime.restoreTimeout (90s) has passed, and this resource goes before every node is restored. Still configured: 5 nodes "
            + "(node-1: the node is not ready; node-2: the node is not ready; node-3: the node is not ready; 2 more). "
            + "They are restored when they come back, as long as the operator runs.",
            told.Message);

        _cluster.Remove();
        _cluster.SetReady("node-3", true);
        await _cluster.ReconcileAsync();
        Assert.Equal(["node-3"], _cluster.Restoring);
    }

    [Fact]
    public async Task Deletion_that_nobody_saw_to_for_too_long_still_removes_the_node_configuration_first()
    {
        RolloutPlan plan = _cluster.Apply();
        _cluster.DaemonSets.Items.Add(NodeConfigDaemonSet.Build(Samples.Owner, plan)!);
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        _cluster.AddNodeConfigPod("a");
        _cluster.BeginDeletion(TimeSpan.FromDays(1));

        Assert.Equal(TimeSpan.FromSeconds(5), (await _cluster.DeleteAsync()).RequeueAfter);
        Assert.True(IsHeld());

        await _cluster.DeleteAsync();
        Assert.False(IsHeld());
    }

    [Fact]
    public async Task Deletion_of_a_resource_whose_nodes_are_abandoned_ends_at_once_and_they_stay_remembered()
    {
        RolloutPlan plan = _cluster.Apply();
        _cluster.DaemonSets.Items.Add(NodeConfigDaemonSet.Build(Samples.Owner, plan)!);
        _cluster.Registry!.Metadata.Annotations = new Dictionary<string, string> { [Labels.AbandonNodes] = "" };
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        _cluster.BeginDeletion();

        await _cluster.DeleteAsync();

        Assert.False(IsHeld());
        Assert.Empty(_cluster.DaemonSets.Items);
        Assert.Equal(["a"], _cluster.Remembered);
        Assert.StartsWith("The annotation localregistry.dev/abandon-nodes is set", _cluster.Events.All.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletion_whose_resource_changed_meanwhile_tries_again()
    {
        _cluster.Apply();
        _cluster.BeginDeletion();
        _cluster.Conflicts = true;
        Assert.NotNull((await _cluster.DeleteAsync()).RequeueAfter);
        Assert.True(IsHeld());

        _cluster.Conflicts = false;
        Assert.Null((await _cluster.DeleteAsync()).RequeueAfter);
        Assert.False(IsHeld());
    }

    [Fact]
    public async Task Deletion_with_its_whole_namespace_waits_for_the_pods_alone_since_the_memory_is_gone()
    {
        _cluster.Apply();
        _cluster.AddNodes("a");
        _cluster.AddNodeConfigPod("a");
        _cluster.BeginDeletion();
        await _cluster.DeleteAsync();
        Assert.True(IsHeld());

        _cluster.RemoveNodeConfigPods();
        await _cluster.DeleteAsync();
        Assert.False(IsHeld());
    }

    private bool IsHeld() => _cluster.Registry!.Metadata.Finalizers.Contains(Labels.RestoreNodes);

    private Condition Told(string type) => _cluster.Registry!.Status!.Conditions.Single(c => c.Type == type);
}
