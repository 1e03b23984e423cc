using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Restoration;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Restoration;

public sealed class RestorationControllerTests : IAsyncDisposable
{
    private readonly Cluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Node_is_remembered_as_soon_as_a_pod_is_bound_to_it_and_before_it_runs()
    {
        _cluster.Apply();
        _cluster.AddNodes("a", "b", "c");
        _cluster.Remember("a");
        _cluster.AddNodeConfigPod("b", "Pending");
        _cluster.AddNodeConfigPod(null, "Pending");

        await _cluster.ReconcileAsync();

        Assert.Equal(["a", "b"], _cluster.Remembered);
        Assert.Empty(_cluster.Restoring);
    }

    [Fact]
    public async Task Nothing_new_is_written_and_nobody_is_asked_while_all_is_as_it_should_be()
    {
        _cluster.Apply();
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        _cluster.AddNodeConfigPod("a");

        ReconciliationResult<V1ConfigMap> result = await _cluster.ReconcileAsync();

        Assert.Empty(_cluster.Requests);
        Assert.Null(result.RequeueAfter);
    }

    [Theory]
    [InlineData("NoSchedule", true, RestorationState.Wanted)]
    [InlineData("NoSchedule", false, RestorationState.Due)]
    [InlineData("NoExecute", true, RestorationState.Occupied)]
    public void Node_that_takes_no_new_pods_keeps_its_configuration_with_the_pod_that_is_there(string effect, bool hasPod, object state)
    {
        _cluster.Apply(Samples.Mirrored() with { Node = new NodeSpec { Tolerations = [] } });
        _cluster.AddNodes("a");
        _cluster.Node("a").Spec = new V1NodeSpec { Taints = [new V1Taint { Key = "gpu", Effect = effect }] };
        if (hasPod)
        {
            _cluster.AddNodeConfigPod("a");
        }

        Assert.Equal(state, Assert.Single(_cluster.Survey.Of(Cluster.Key, ["a"])).State);
    }

    [Fact]
    public async Task Node_of_a_resource_that_is_gone_is_restored_and_forgotten_and_with_the_last_one_the_memory_goes()
    {
        _cluster.AddNodes("a", "b");
        _cluster.Remember("a", "b");

        await _cluster.ReconcileAsync();
        Assert.Equal(["a", "b"], _cluster.Restoring);

        _cluster.End("a", "Succeeded");
        await _cluster.ReconcileAsync();
        Assert.Equal(["b"], _cluster.Remembered);
        Assert.Equal(["b"], _cluster.Restoring);

        _cluster.End("b", "Succeeded");
        await _cluster.ReconcileAsync();
        Assert.Null(_cluster.Memory);
        Assert.Empty(_cluster.Restoring);
    }

    [Fact]
    public async Task Node_is_not_restored_while_its_node_configuration_pod_is_there()
    {
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        V1Pod pod = _cluster.AddNodeConfigPod("a");
        pod.Metadata.DeletionTimestamp = _cluster.Time.GetUtcNow().UtcDateTime;

        ReconciliationResult<V1ConfigMap> result = await _cluster.ReconcileAsync();
        Assert.Empty(_cluster.Restoring);
        Assert.NotNull(result.RequeueAfter);

        pod.Status.Phase = "Failed";
        await _cluster.ReconcileAsync();
        Assert.Equal(["a"], _cluster.Restoring);
    }

    [Fact]
    public async Task Node_that_was_down_is_restored_when_it_comes_back_also_by_another_operator()
    {
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        _cluster.SetReady("a", false);

        ReconciliationResult<V1ConfigMap> result = await _cluster.ReconcileAsync();
        Assert.Equal(["a"], _cluster.Remembered);
        Assert.Empty(_cluster.Restoring);

        // Events are kept for an hour; what they tell of may last longer.
        _cluster.Time.Advance(result.RequeueAfter!.Value);
        await _cluster.ReconcileAsync();
        Assert.Equal(("RestoringNodes", 2), (_cluster.Events.All.Single().Reason, _cluster.Events.All.Single().Count));

        _cluster.Start();
        _cluster.SetReady("a", true);
        await _cluster.ReconcileAsync();
        Assert.Equal(["a"], _cluster.Restoring);
    }

    [Fact]
    public async Task Twenty_nodes_at_most_are_restored_at_once_and_pods_on_nodes_that_went_down_take_no_place()
    {
        string[] names = [.. Enumerable.Range(10, 50).Select(i => $"node-{i}")];
        _cluster.AddNodes(names);
        _cluster.Remember(names);

        await _cluster.ReconcileAsync();
        await _cluster.ReconcileAsync();
        Assert.Equal(20, _cluster.Restoring.Count());

        string down = _cluster.Restoring.First();
        _cluster.SetReady(down, false);
        await _cluster.ReconcileAsync();
        Assert.Equal(21, _cluster.Restoring.Count());

        _cluster.End(_cluster.Restoring.Last(), "Succeeded");
        await _cluster.ReconcileAsync();
        Assert.Equal((49, 21), (_cluster.Remembered.Count, _cluster.Restoring.Count()));
        Assert.Contains(down, _cluster.Restoring);
    }

    [Fact]
    public async Task Node_that_is_gone_is_forgotten_whether_or_not_it_was_to_be_restored()
    {
        _cluster.AddNodes("a");
        _cluster.Remember("a", "gone");
        _cluster.Apply();

        await _cluster.ReconcileAsync();
        Assert.Equal(["a"], _cluster.Remembered);

        _cluster.Remove();
        _cluster.Nodes.Items.Clear();
        await _cluster.ReconcileAsync();
        Assert.Null(_cluster.Memory);
    }

    [Fact]
    public async Task Node_that_fails_is_told_of_kept_to_be_looked_at_and_tried_again_ever_later()
    {
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        await _cluster.ReconcileAsync();
        string report = new NodeReport { State = NodeState.Blocked, Reason = NodeReasons.NotWritable, Message = "/etc/containerd/certs.d: read-only file system." }.ToJson();
        foreach (int seconds in (int[])[10, 20, 40])
        {
            _cluster.End("a", "Failed", report);
            ReconciliationResult<V1ConfigMap> result = await _cluster.ReconcileAsync();
            Assert.Equal(TimeSpan.FromSeconds(seconds), result.RequeueAfter);
            await _cluster.ReconcileAsync();
            Assert.Equal("Failed", Assert.Single(_cluster.RestorePods).Status.Phase);

            _cluster.Time.Advance(TimeSpan.FromSeconds(seconds));
            await _cluster.ReconcileAsync();
            Assert.Empty(_cluster.Restoring);
            await _cluster.ReconcileAsync();
            Assert.Equal(["a"], _cluster.Restoring);
        }

        Corev1Event told = _cluster.Events.All.Single(e => e.Type == "Warning");
        Assert.Equal(("RestorationFailed", 3), (told.Reason, told.Count));
        Assert.Equal("Not restored, and tried again: 1 node (a: /etc/containerd/certs.d: read-only file system).", told.Message);
        Assert.Equal(("ConfigMap", "registry-configured-nodes"), (told.InvolvedObject.Kind, told.InvolvedObject.Name));
        Assert.Equal(["a"], _cluster.Remembered);
    }

    [Fact]
    public async Task Pod_that_ran_out_of_time_is_told_of_by_what_the_kubelet_said()
    {
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        await _cluster.ReconcileAsync();

        _cluster.RestorePods.Single().Status = new V1PodStatus { Phase = "Failed", Reason = "DeadlineExceeded", Message = "Pod was active on the node longer than the specified deadline" };
        await _cluster.ReconcileAsync();

        Assert.Contains(_cluster.Events.All, e => e.Message.Contains("a: Pod was active on the node longer than the specified deadline", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pods_that_the_API_server_refuses_are_told_of_and_tried_again_with_backoff()
    {
        _cluster.AddNodes("a", "b");
        _cluster.Remember("a", "b");
        _cluster.PodsRefused = "exceeded quota: pods";

        ReconciliationResult<V1ConfigMap> result = await _cluster.ReconcileAsync();
        await _cluster.ReconcileAsync();
        Assert.Single(_cluster.Requests);
        Assert.Equal((true, TimeSpan.FromSeconds(10)), (result.IsSuccess, result.RequeueAfter));
        Corev1Event told = _cluster.Events.All.Single(e => e.Type == "Warning");
        Assert.Equal("RestorationRefused", told.Reason);
        Assert.Contains("2 nodes cannot be restored yet", told.Message, StringComparison.Ordinal);
        Assert.Contains("exceeded quota: pods", told.Message, StringComparison.Ordinal);

        _cluster.Time.Advance(TimeSpan.FromSeconds(10));
        _cluster.PodsRefused = null;
        await _cluster.ReconcileAsync();
        Assert.Equal(["a", "b"], _cluster.Restoring);
    }

    [Fact]
    public async Task Node_that_leaves_the_selection_is_restored_and_the_others_are_not()
    {
        _cluster.Apply(Samples.Mirrored() with { Node = new NodeSpec { NodeSelector = new Dictionary<string, string> { ["pool"] = "a" } } });
        _cluster.AddNodes("stays", "leaves", "tainted");
        _cluster.Remember("stays", "leaves", "tainted");
        _cluster.Node("leaves").Metadata.Labels["pool"] = "b";
        // Every taint is tolerated if the resource does not say otherwise.
        _cluster.Node("tainted").Spec = new V1NodeSpec { Taints = [new V1Taint { Key = "gpu", Effect = "NoExecute" }] };

        await _cluster.ReconcileAsync();

        Assert.Equal(["leaves"], _cluster.Restoring);
    }

    [Fact]
    public async Task Nodes_of_a_resource_without_mirrors_are_restored_and_the_memory_goes_though_the_resource_stays()
    {
        _cluster.Apply();
        _cluster.Apply(Samples.Spec());
        _cluster.AddNodes("a");
        _cluster.Remember("a");

        await _cluster.ReconcileAsync();
        _cluster.End("a", "Succeeded");
        await _cluster.ReconcileAsync();

        Assert.Null(_cluster.Memory);
    }

    [Fact]
    public async Task Nodes_of_a_resource_that_is_being_deleted_are_restored_and_the_memory_stays_until_it_is_gone()
    {
        _cluster.Apply();
        _cluster.BeginDeletion();
        _cluster.AddNodes("a");
        _cluster.Remember("a");

        await _cluster.ReconcileAsync();
        _cluster.End("a", "Succeeded");
        await _cluster.ReconcileAsync();
        Assert.Empty(_cluster.Remembered);

        _cluster.Remove();
        await _cluster.ReconcileAsync();
        Assert.Null(_cluster.Memory);
    }

    [Fact]
    public async Task Node_that_a_new_resource_of_the_same_name_wants_is_not_restored()
    {
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        await _cluster.ReconcileAsync();
        Assert.Equal(["a"], _cluster.Restoring);

        // A pod that ended just then proves nothing: the new one's may have come after it.
        _cluster.End("a", "Succeeded");
        _cluster.Apply();
        await _cluster.ReconcileAsync();

        Assert.Equal(["a"], _cluster.Remembered);
        Assert.Empty(_cluster.Restoring);
    }

    [Fact]
    public async Task Pod_that_is_about_to_go_does_not_count_for_a_node_that_was_configured_again_meanwhile()
    {
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        await _cluster.ReconcileAsync();
        _cluster.End("a", "Succeeded");
        V1Pod ended = _cluster.RestorePods.Single();
        ended.Metadata.DeletionTimestamp = _cluster.Time.GetUtcNow().UtcDateTime;

        await _cluster.ReconcileAsync();
        Assert.Equal(["a"], _cluster.Remembered);
        Assert.Equal([ended], _cluster.RestorePods);

        _cluster.Pods.Items.Clear();
        await _cluster.ReconcileAsync();
        Assert.Equal(["a"], _cluster.Restoring);
    }

    [Fact]
    public async Task Node_of_a_resource_whose_first_plan_has_not_passed_is_restored_because_nothing_serves_it()
    {
        _cluster.Apply();
        _cluster.Revisions.Items.Clear();
        _cluster.AddNodes("a");
        _cluster.Remember("a");

        await _cluster.ReconcileAsync();

        Assert.Equal(["a"], _cluster.Restoring);
    }

    [Fact]
    public async Task Memory_that_the_informer_shows_late_is_not_believed()
    {
        _cluster.AddNodes("a", "b");
        _cluster.Remember("a", "b");
        V1ConfigMap late = _cluster.Memory!;
        await _cluster.ReconcileAsync();
        _cluster.End("a", "Succeeded");
        await _cluster.ReconcileAsync();

        await _cluster.ReconcileAsync(late);

        Assert.Equal(["b"], _cluster.Restoring);
        Assert.Equal(["b"], _cluster.Remembered);
    }

    [Fact]
    public async Task Memory_that_somebody_made_unreadable_restores_nothing_and_says_so()
    {
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        _cluster.Memory!.Data["restore.json"] = """{"places": [{"directory": "/etc/../root"}]}""";

        ReconciliationResult<V1ConfigMap> result = await _cluster.ReconcileAsync();

        Assert.False(result.IsSuccess);
        Assert.Contains("data[\"restore.json\"] cannot be read", result.Message, StringComparison.Ordinal);
        Assert.Empty(_cluster.Requests);
    }

    [Theory]
    [InlineData("registry.example.com/localregistry:0.9", "registry.example.com/localregistry:0.9")]
    [InlineData("registry.example.com/localregistry@sha256:0000000000000000000000000000000000000000000000000000000000000000", "registry.example.com/localregistry@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("evil.example.com/localregistry:1", "registry.example.com/localregistry:1")]
    public async Task Image_that_is_remembered_is_run_only_if_it_is_one_of_the_operators_own(string remembered, string run)
    {
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        _cluster.Memory!.Data["restore.json"] = _cluster.Memory.Data["restore.json"].Replace("registry.example.com/localregistry:1", remembered, StringComparison.Ordinal);

        await _cluster.ReconcileAsync();

        Assert.Equal(run, _cluster.RestorePods.Single().Spec.Containers[0].Image);
    }

    [Fact]
    public async Task Events_tell_the_beginning_and_the_end_in_counts()
    {
        string[] names = [.. Enumerable.Range(1, 5).Select(i => $"node-{i}")];
        _cluster.Apply();
        _cluster.BeginDeletion();
        _cluster.AddNodes(names);
        _cluster.Remember(names);
        _cluster.SetReady("node-4", false);

        await _cluster.ReconcileAsync();
        await _cluster.ReconcileAsync();
        Corev1Event begun = Assert.Single(_cluster.Events.All);
        Assert.Equal(
            "To be restored to what they were before: 5 nodes (node-4: the node is not ready; node-1: waits for its turn; node-2: waits for its turn; 2 more).",
            begun.Message);
        Assert.Equal(("LocalRegistry", "RestoringNodes", 1), (begun.InvolvedObject.Kind, begun.Reason, begun.Count));

        _cluster.SetReady("node-4", true);
        await _cluster.ReconcileAsync();
        foreach (string name in names)
        {
            _cluster.End(name, "Succeeded");
            await _cluster.ReconcileAsync();
        }

        Assert.Equal(2, _cluster.Events.Created);
        Assert.Equal("5 nodes restored to what they were before.", _cluster.Events.All.Single(e => e.Reason == "NodesRestored").Message);
    }

    [Fact]
    public async Task Deleted_memory_leaves_nothing_behind_that_would_be_taken_for_the_next_ones()
    {
        _cluster.AddNodes("a");
        _cluster.Remember("a");
        await _cluster.ReconcileAsync();
        _cluster.End("a", "Failed", "no");
        await _cluster.ReconcileAsync();

        await _cluster.Controller.DeletedAsync(_cluster.Memory!, Cluster.Cancel);
        _cluster.Pods.Items.Clear();
        _cluster.Remember("a");
        await _cluster.ReconcileAsync();
        _cluster.End("a", "Failed", "no");

        Assert.Equal(TimeSpan.FromSeconds(10), (await _cluster.ReconcileAsync()).RequeueAfter);
    }
}
