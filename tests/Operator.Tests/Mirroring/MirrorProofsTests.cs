using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

public sealed class MirrorProofsTests : IAsyncDisposable
{
    private const string Quota = """{"kind": "Status", "code": 403, "reason": "Forbidden", "message": "exceeded quota: pods=10"}""";

    private readonly FakeNodes _cluster = new(desired: 3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Run_proves_two_of_three_nodes_at_a_time_and_is_true_when_all_are()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"), MirrorSamples.NodeConfig("b"), MirrorSamples.NodeConfig("c"));

        MirrorAnswer begun = await _cluster.RunAsync();
        Assert.Equal(["a", "b"], _cluster.ProvingNodes);
        Assert.Equal((Reasons.ProvingMirrors, 0), (begun.Condition.Reason, begun.Proven));

        _cluster.AnswerGood("a");
        MirrorAnswer one = await _cluster.RunAsync();
        Assert.Equal(["b", "c"], _cluster.ProvingNodes);
        Assert.Equal((MirrorVerdict.Proven, 1), (_cluster.ProofOf("a")!.Verdict, one.Proven));

        _cluster.AnswerGood("b");
        _cluster.AnswerGood("c");
        MirrorAnswer all = await _cluster.RunAsync();
        Assert.Empty(_cluster.Proving);
        Assert.Equal(("3 of 3 nodes pull 2 hosts through their registry.", 3), (all.Condition.Message, all.Proven));
        Assert.InRange(all.Due!.Value, _cluster.Time.GetUtcNow().AddMinutes(9), _cluster.Time.GetUtcNow().AddMinutes(11));
    }

    [Fact]
    public async Task Run_proves_again_after_the_interval_and_not_before()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a", proof: MirrorSamples.ProofOf(MirrorVerdict.Proven)));

        _cluster.Time.Advance(TimeSpan.FromMinutes(8));
        await _cluster.RunAsync();
        Assert.Empty(_cluster.Proving);

        _cluster.Time.Advance(TimeSpan.FromMinutes(4));
        await _cluster.RunAsync();
        Assert.Equal(["a"], _cluster.ProvingNodes);
    }

    [Fact]
    public async Task Run_before_the_informers_have_heard_of_the_last_one_repeats_nothing()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"), MirrorSamples.NodeConfig("b"), MirrorSamples.NodeConfig("c"));
        await _cluster.RunAsync();
        await _cluster.RunAsync(late: true);
        Assert.Equal(["a", "b"], _cluster.ProvingNodes);

        _cluster.AnswerNotPulled("a");
        await _cluster.RunAsync();
        MirrorProof? kept = _cluster.ProofOf("a");
        _cluster.Time.Advance(TimeSpan.FromSeconds(1));
        await _cluster.RunAsync(late: true);

        Assert.Equal(1, kept!.Failures);
        Assert.Equal(kept, _cluster.ProofOf("a"));
    }

    [Fact]
    public async Task Run_of_another_operator_goes_on_where_the_last_one_was()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"));
        await _cluster.RunAsync();
        _cluster.AnswerNotPulled("a");
        // It kept what it found, and went before it could take the pod away.
        _cluster.First = r => r.Method == "DELETE" ? (500, """{"kind": "Status", "code": 500, "message": "not now"}""") : null;
        MirrorAnswer refused = await _cluster.RunAsync();
        Assert.Contains("not now", refused.Condition.Message, StringComparison.Ordinal);
        MirrorProof? kept = _cluster.ProofOf("a");

        _cluster.Restart();
        _cluster.First = _ => null;
        _cluster.Time.Advance(TimeSpan.FromSeconds(3));
        await _cluster.RunAsync();

        Assert.Equal(1, kept!.Failures);
        Assert.Equal(kept, _cluster.ProofOf("a"));
        Assert.Empty(_cluster.Proving);
    }

    [Fact]
    public async Task Run_of_a_node_that_turns_tells_it_once_and_tries_again_later_and_later()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a", proof: MirrorSamples.ProofOf(MirrorVerdict.Proven, MirrorSamples.Start.AddMinutes(-30))));
        ConditionStatus[] statuses = new ConditionStatus[4];
        for (int i = 0; i < statuses.Length; i++)
        {
            await _cluster.RunAsync();
            Assert.Equal(["a"], _cluster.ProvingNodes);
            _cluster.AnswerNotPulled("a");
            MirrorAnswer answer = await _cluster.RunAsync();
            statuses[i] = answer.Condition.Status;
            Assert.Equal(i + 1, _cluster.ProofOf("a")!.Failures);

            _cluster.Time.Advance(TimeSpan.FromSeconds((30 * Math.Pow(2, i)) - 1));
            await _cluster.RunAsync();
            Assert.Empty(_cluster.Proving);
            _cluster.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([ConditionStatus.Unknown, ConditionStatus.False, ConditionStatus.False, ConditionStatus.False], statuses);
        Corev1Event told = Assert.Single(_cluster.Events);
        Assert.Equal(
            ("Warning", Reasons.NotPulledThrough, 1, "Node a does not pull through its registry any more: *: ErrImagePull: not found"),
            (told.Type, told.Reason, told.Count, told.Message));
        Assert.Equal(_cluster.Registry.Uid(), told.InvolvedObject.Uid);
    }

    [Fact]
    public async Task Run_of_many_nodes_that_turn_leaves_it_to_the_condition()
    {
        string[] nodes = [.. Enumerable.Range(1, 11).Select(i => $"n{i}")];
        foreach (string node in nodes)
        {
            _cluster.Put(
                MirrorSamples.NodeConfig(node, proof: MirrorSamples.ProofOf(MirrorVerdict.Proven, MirrorSamples.Start.AddMinutes(-30))),
                MirrorSamples.Proof(node, MirrorSamples.Start, MirrorSamples.AllPulled(MirrorSamples.Report(NodeState.Blocked, NodeReasons.NoConfigPath, "Set it."))));
        }

        MirrorAnswer answer = await _cluster.RunAsync();

        Assert.Contains(", 11 do not. n1: NoConfigPath: Set it; n10: NoConfigPath: Set it; n11: NoConfigPath: Set it; and 8 more.", answer.Condition.Message, StringComparison.Ordinal);
        Assert.Empty(_cluster.Events);
    }

    [Fact]
    public async Task Run_of_a_node_that_was_never_proven_tells_no_Event_of_its_own()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"));
        await _cluster.RunAsync();
        _cluster.Answer("a", MirrorSamples.AllPulled(MirrorSamples.Report(NodeState.Blocked, NodeReasons.NoConfigPath, "Set config_path.")));

        MirrorAnswer answer = await _cluster.RunAsync();

        Assert.Equal((ConditionStatus.False, NodeReasons.NoConfigPath), (answer.Condition.Status, answer.Condition.Reason));
        Assert.Empty(_cluster.Events);
    }

    [Fact]
    public async Task Run_takes_away_proofs_of_pods_that_are_gone_and_of_other_mirrors_and_keeps_nothing_of_them()
    {
        V1Pod ofOthers = MirrorSamples.Proof("b", MirrorSamples.Start, MirrorSamples.AllPulled(MirrorSamples.Report()));
        ofOthers.Spec.Volumes.Single(v => v.Name == NodeConfigPod.MirrorsVolume).ConfigMap.Name = "registry-mirrors-old";
        V1Pod old = MirrorSamples.NodeConfig("c");
        old.Spec.Volumes[0].ConfigMap.Name = "registry-mirrors-old";
        _cluster.Put(
            MirrorSamples.Proof("a", MirrorSamples.Start, MirrorSamples.AllPulled(MirrorSamples.Report())),
            MirrorSamples.NodeConfig("b", ready: false),
            ofOthers,
            old,
            MirrorSamples.Proof("c", MirrorSamples.Start, MirrorSamples.AllPulled(MirrorSamples.Report())));

        MirrorAnswer answer = await _cluster.RunAsync();

        Assert.Empty(_cluster.Proving);
        Assert.Null(_cluster.ProofOf("b"));
        Assert.Null(_cluster.ProofOf("c"));
        Assert.Equal(_cluster.Time.GetUtcNow().AddSeconds(10), answer.Due);
    }

    [Fact]
    public async Task Run_gives_a_replaced_pod_no_proof_of_the_one_before()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"));
        await _cluster.RunAsync();
        _cluster.AnswerGood("a");
        V1Pod replaced = MirrorSamples.NodeConfig("a");
        replaced.Metadata.Name = "config-a2";
        replaced.Metadata.Uid = "uid-a2";
        _cluster.Remove("config-a");
        _cluster.Put(replaced);

        await _cluster.RunAsync();

        Assert.Null(MirrorProof.On(replaced));
        // The name is free now, or soon.
        await _cluster.RunAsync();
        Assert.Equal("config-a2", ProofPods.Of(Assert.Single(_cluster.Proving)));
    }

    [Fact]
    public async Task Run_whose_pod_went_while_it_was_proven_forgets_what_was_found()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"));
        await _cluster.RunAsync();
        _cluster.AnswerGood("a");
        _cluster.First = r => r.Method == "PATCH" ? (404, """{"kind": "Status", "code": 404, "reason": "NotFound"}""") : null;

        MirrorAnswer answer = await _cluster.RunAsync();

        Assert.Empty(_cluster.Proving);
        Assert.DoesNotContain("refuses", answer.Condition.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, Quota, "exceeded quota: pods=10")]
    [InlineData(500, """{"kind": "Status", "code": 500, "message": "etcd is away"}""", "etcd is away")]
    [InlineData(502, "no JSON", "LineNumber: 0 | BytePositionInLine: 1.")]
    public async Task Run_that_may_create_no_pods_says_so_and_tries_again(int status, string body, string told)
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"), MirrorSamples.NodeConfig("b"), MirrorSamples.NodeConfig("c"));
        _cluster.First = r => r.Method == "POST" ? (status, body) : null;

        MirrorAnswer answer = await _cluster.RunAsync();

        Assert.Equal((ConditionStatus.Unknown, Reasons.ProofRefused), (answer.Condition.Status, answer.Condition.Reason));
        Assert.EndsWith($"The API server refuses what is needed to prove nodes: {told}", answer.Condition.Message, StringComparison.Ordinal);
        Assert.Equal(_cluster.Time.GetUtcNow().AddSeconds(30), answer.Due);
        // What one is refused, the others are too.
        Assert.Single(_cluster.Requests);

        _cluster.First = _ => null;
        await _cluster.RunAsync();
        Assert.Equal(["a", "b"], _cluster.ProvingNodes);
    }

    [Fact]
    public async Task Run_whose_finding_cannot_be_kept_keeps_the_pod()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"));
        await _cluster.RunAsync();
        _cluster.AnswerGood("a");
        _cluster.First = r => r.Method == "PATCH" ? (500, """{"kind": "Status", "code": 500, "message": "not now"}""") : null;

        await _cluster.RunAsync();
        Assert.Equal(["a"], _cluster.ProvingNodes);

        _cluster.First = _ => null;
        await _cluster.RunAsync();
        Assert.Equal(MirrorVerdict.Proven, _cluster.ProofOf("a")!.Verdict);
        Assert.Empty(_cluster.Proving);
    }

    [Fact]
    public async Task Run_over_a_pod_of_someone_else_leaves_it_alone_and_says_so()
    {
        V1Pod foreign = MirrorSamples.Proof("a", MirrorSamples.Start);
        foreign.Metadata.OwnerReferences = null;
        _cluster.Put(MirrorSamples.NodeConfig("a"), foreign);

        MirrorAnswer answer = await _cluster.RunAsync();

        Assert.Contains($"pod \"{foreign.Name()}\" exists and is not this resource's; delete it", answer.Condition.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_cluster.Requests, r => r.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_over_a_pod_that_lost_its_labels_takes_it_away_when_its_time_is_over()
    {
        V1Pod lost = MirrorSamples.Proof("a", MirrorSamples.Start);
        lost.Metadata.Labels = null;
        _cluster.Put(MirrorSamples.NodeConfig("a"), lost);
        await _cluster.RunAsync();
        Assert.Equal(lost.Uid(), Assert.Single(_cluster.Proving).Uid());

        _cluster.Time.Advance(TimeSpan.FromMinutes(3));
        await _cluster.RunAsync();

        Assert.Empty(_cluster.Proving);
    }

    [Fact]
    public async Task Run_leaves_nodes_alone_that_do_not_answer_and_looks_again()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"));
        _cluster.Nodes.Items.Add(new V1Node
        {
            Metadata = new V1ObjectMeta { Name = "a" },
            Status = new V1NodeStatus { Conditions = [new V1NodeCondition { Type = "Ready", Status = "Unknown" }] },
        });

        MirrorAnswer answer = await _cluster.RunAsync();
        Assert.Empty(_cluster.Proving);
        Assert.Contains("a: ProofInconclusive: the node is not ready.", answer.Condition.Message, StringComparison.Ordinal);
        Assert.Equal(_cluster.Time.GetUtcNow().AddSeconds(10), answer.Due);

        _cluster.Nodes.Items[0].Status.Conditions[0].Status = "True";
        await _cluster.RunAsync();
        Assert.Equal(["a"], _cluster.ProvingNodes);
    }

    [Fact]
    public async Task Run_asks_for_the_cause_of_a_back_off_that_does_not_say_it()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"));
        await _cluster.RunAsync();
        _cluster.Answer("a", MirrorSamples.Report(), MirrorSamples.Ended("host-0"), MirrorSamples.Waiting("host-1", "ImagePullBackOff", "Back-off pulling image"));
        _cluster.First = r => r.Method == "GET" && r.Path.Value!.EndsWith("/events", StringComparison.Ordinal)
            ? (200, """{"items": [{"metadata": {}, "involvedObject": {}, "message": "Failed to pull image \"image-of-host-1\": x509: unknown authority"}]}""")
            : null;

        await _cluster.RunAsync();

        Assert.Equal("*: Failed to pull image \"image-of-host-1\": x509: unknown authority", _cluster.ProofOf("a")!.Message);
    }

    [Fact]
    public async Task Run_without_any_pod_tells_what_admission_says_of_them()
    {
        _cluster.First = r => r.Path.Value!.EndsWith("/events", StringComparison.Ordinal)
            ? (200, """{"items": [{"metadata": {}, "involvedObject": {}, "reason": "FailedCreate", "message": "pods \"x\" is forbidden: violates PodSecurity"}]}""")
            : null;

        MirrorAnswer answer = await _cluster.RunAsync();

        Assert.Equal((ConditionStatus.Unknown, Reasons.NodeConfigNotStarting), (answer.Condition.Status, answer.Condition.Reason));
        Assert.EndsWith("pods \"x\" is forbidden: violates PodSecurity.", answer.Condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_with_pods_that_do_not_start_tells_why()
    {
        V1Pod pod = MirrorSamples.NodeConfig("a", ready: false);
        pod.Status.Phase = "Pending";
        pod.Status.ContainerStatuses[0] = MirrorSamples.Waiting("node-config", "ImagePullBackOff", "no such image");
        _cluster.Put(pod);

        MirrorAnswer answer = await _cluster.RunAsync();

        Assert.Equal(Reasons.NodeConfigNotStarting, answer.Condition.Reason);
        Assert.EndsWith("a: ImagePullBackOff: no such image.", answer.Condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_with_a_pod_that_is_being_started_tells_of_no_trouble_before_half_a_minute_has_gone()
    {
        V1Pod pod = MirrorSamples.NodeConfig("a", ready: false);
        pod.Status.Phase = "Pending";
        pod.Status.ContainerStatuses[0] = MirrorSamples.Waiting("node-config", "ContainerCreating");
        _cluster.Put(pod);
        _cluster.First = r => r.Path.Value!.EndsWith("/events", StringComparison.Ordinal)
            ? (200, """{"items": [{"metadata": {}, "involvedObject": {}, "reason": "FailedMount", "message": "mkdir /etc/containerd/certs.d: read-only file system"}]}""")
            : null;

        MirrorAnswer soon = await _cluster.RunAsync();
        _cluster.Time.Advance(TimeSpan.FromSeconds(25));
        MirrorAnswer later = await _cluster.RunAsync();

        Assert.Equal((Reasons.ProvingMirrors, "0 of 3 nodes pull 2 hosts through their registry."), (soon.Condition.Reason, soon.Condition.Message));
        Assert.Equal(Reasons.NodeConfigNotStarting, later.Condition.Reason);
        Assert.EndsWith("a: mkdir /etc/containerd/certs.d: read-only file system.", later.Condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_without_mirrors_is_true_and_takes_the_pods_away()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a"));
        await _cluster.RunAsync();
        V1Alpha1LocalRegistry without = Samples.Registry();
        await _cluster.RunAsync();

        MirrorAnswer answer = await _cluster.Proofs.RunAsync(without, Samples.Plan(), new LocalRegistryStatus(), Cancel);

        Assert.Equal((ConditionStatus.True, Reasons.NoMirrors, null, null), (answer.Condition.Status, answer.Condition.Reason, answer.Proven, answer.Due));
        Assert.Empty(_cluster.Proving);
    }

    [Fact]
    public async Task Run_while_nothing_is_rolled_out_is_not_asked_unless_there_is_nothing_to_ask()
    {
        MirrorAnswer asked = await _cluster.Proofs.RunAsync(_cluster.Registry, null, new LocalRegistryStatus(), Cancel);
        MirrorAnswer without = await _cluster.Proofs.RunAsync(Samples.Registry(), null, new LocalRegistryStatus(), Cancel);

        Assert.Equal((ConditionStatus.Unknown, Reasons.NotChecked), (asked.Condition.Status, asked.Condition.Reason));
        Assert.Equal(Reasons.NoMirrors, without.Condition.Reason);
    }

    [Fact]
    public async Task Run_before_the_DaemonSet_is_there_is_unknown()
    {
        _cluster.DaemonSets.Items.Clear();

        MirrorAnswer answer = await _cluster.RunAsync();

        Assert.Equal((ConditionStatus.Unknown, Reasons.ProvingMirrors), (answer.Condition.Status, answer.Condition.Reason));
        Assert.Contains("\"registry-node-config\"", answer.Condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_counts_the_newer_of_two_pods_on_a_node_and_none_that_is_on_its_way_out()
    {
        V1Pod old = MirrorSamples.NodeConfig("a", proof: MirrorSamples.ProofOf(MirrorVerdict.Failing, failures: 3));
        old.Metadata.Name = "config-old";
        old.Metadata.CreationTimestamp = MirrorSamples.Start.UtcDateTime.AddHours(-1);
        V1Pod ending = MirrorSamples.NodeConfig("b", proof: MirrorSamples.ProofOf(MirrorVerdict.Failing, failures: 3));
        ending.Metadata.DeletionTimestamp = MirrorSamples.Start.UtcDateTime;
        _cluster.Put(old, MirrorSamples.NodeConfig("a", proof: MirrorSamples.ProofOf(MirrorVerdict.Proven)), ending);

        MirrorAnswer answer = await _cluster.RunAsync();

        Assert.Equal((ConditionStatus.Unknown, 1), (answer.Condition.Status, answer.Proven));
        Assert.Empty(_cluster.Proving);
    }
}
