using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

public sealed class MirrorProofsTests : IAsyncDisposable
{
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
        Assert.InRange(all.Due!.Value, _cluster.Time.GetUtcNow().AddMinutes(54), _cluster.Time.GetUtcNow().AddMinutes(66));
    }

    [Fact]
    public async Task Run_proves_again_after_the_interval_and_not_before()
    {
        _cluster.Put(MirrorSamples.NodeConfig("a", proof: MirrorSamples.ProofOf(MirrorVerdict.Proven)));

        _cluster.Time.Advance(TimeSpan.FromMinutes(53));
        await _cluster.RunAsync();
        Assert.Empty(_cluster.Proving);

        _cluster.Time.Advance(TimeSpan.FromMinutes(14));
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
        _cluster.Put(MirrorSamples.NodeConfig("a", proof: MirrorSamples.ProofOf(MirrorVerdict.Proven, MirrorSamples.Start.AddMinutes(-70))));
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
            ("Warning", Reasons.NotPulledThrough, 1, "Node a does not pull through its registry any more: *: ErrImagePull: not found; of its configuration the node says: 2 hosts are told"),
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
                MirrorSamples.NodeConfig(node, proof: MirrorSamples.ProofOf(MirrorVerdict.Proven, MirrorSamples.Start.AddMinutes(-70))),
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

    [Fact]
    public async Task Run_proves_no_node_while_its_registry_is_not_ready_and_begins_anew_when_it_is()
    {
        MirrorProof failed = MirrorSamples.ProofOf(MirrorVerdict.Proven, MirrorSamples.Start.AddMinutes(-70)) with { At = MirrorSamples.Start, Failures = 8 };
        _cluster.Put(MirrorSamples.NodeConfig("a", proof: failed), MirrorSamples.NodeConfig("b"));
        _cluster.NotServing.UnionWith(["a", "b"]);
        _cluster.Time.Advance(TimeSpan.FromMinutes(15));

        MirrorAnswer waiting = await _cluster.RunAsync();
        Assert.Empty(_cluster.Proving);
        Assert.Equal(_cluster.Time.GetUtcNow().AddSeconds(10), waiting.Due);
        Assert.Equal(1, waiting.Proven);
        Assert.Contains("b: ProvingMirrors: its registry is not ready", waiting.Condition.Message, StringComparison.Ordinal);

        _cluster.NotServing.Clear();
        _cluster.ServingSince = _cluster.Time.GetUtcNow();
        await _cluster.RunAsync();
        Assert.Equal(["a", "b"], _cluster.ProvingNodes);
        _cluster.AnswerNotPulled("a");
        MirrorAnswer again = await _cluster.RunAsync();

        Assert.Equal((MirrorVerdict.Proven, 1), (_cluster.ProofOf("a")!.Verdict, _cluster.ProofOf("a")!.Failures));
        Assert.Equal((ConditionStatus.Unknown, 1), (again.Condition.Status, again.Proven));
        Assert.Equal(_cluster.Time.GetUtcNow().AddSeconds(30), again.Due);
    }

    [Fact]
    public async Task Run_of_a_full_node_keeps_what_was_found_before()
    {
        _cluster.Put(
            MirrorSamples.NodeConfig("a", proof: MirrorSamples.ProofOf(MirrorVerdict.Proven, MirrorSamples.Start.AddMinutes(-70))),
            MirrorSamples.NodeConfig("b", proof: MirrorSamples.ProofOf(MirrorVerdict.Proven)),
            MirrorSamples.NodeConfig("c", proof: MirrorSamples.ProofOf(MirrorVerdict.Proven)));
        for (int i = 1; i <= 3; i++)
        {
            await _cluster.RunAsync();
            Assert.Equal(["a"], _cluster.ProvingNodes);
            V1PodStatus status = (_cluster.Proving.Single().Status = new V1PodStatus());
            (status.Phase, status.Reason, status.Message) = ("Failed", "OutOfpods", "Node didn't have enough resource: pods");
            MirrorAnswer answer = await _cluster.RunAsync();

            Assert.Equal((ConditionStatus.True, 3, i), (answer.Condition.Status, answer.Proven, _cluster.ProofOf("a")!.Failures));
            _cluster.Time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Equal("the proof's pod was ended (OutOfpods): Node didn't have enough resource: pods", _cluster.ProofOf("a")!.Doubt);
    }

    [Fact]
    public async Task Run_with_one_of_three_nodes_that_fails_is_false_and_tolerable()
    {
        _cluster.Put(
            MirrorSamples.NodeConfig("a", proof: MirrorSamples.ProofOf(MirrorVerdict.Failing, failures: 2, reason: Reasons.NotPulledThrough)),
            MirrorSamples.NodeConfig("b", proof: MirrorSamples.ProofOf(MirrorVerdict.Proven)),
            MirrorSamples.NodeConfig("c", proof: MirrorSamples.ProofOf(MirrorVerdict.Proven)));

        MirrorAnswer one = await _cluster.RunAsync();
        _cluster.Put(MirrorSamples.NodeConfig("b", proof: MirrorSamples.ProofOf(MirrorVerdict.Failing, failures: 2, reason: Reasons.NotPulledThrough)));
        MirrorAnswer two = await _cluster.RunAsync();

        Assert.Equal((ConditionStatus.False, true), (one.Condition.Status, one.IsTolerable));
        Assert.Equal((ConditionStatus.False, false), (two.Condition.Status, two.IsTolerable));
    }

    [Fact]
    public async Task Run_whose_pods_were_taken_away_does_not_stay_true()
    {
        string[] nodes = ["a", "b", "c"];
        _cluster.Put([.. nodes.Select(n => MirrorSamples.NodeConfig(n, proof: MirrorSamples.ProofOf(MirrorVerdict.Proven)))]);
        Assert.True((await _cluster.RunAsync()).Condition.Holds);

        foreach (string node in nodes)
        {
            _cluster.Remove($"config-{node}");
        }

        Assert.True((await _cluster.RunAsync()).Condition.Holds);
        _cluster.Time.Advance(ProofSchedule.Patience);
        MirrorAnswer late = await _cluster.RunAsync();

        Assert.Equal((ConditionStatus.Unknown, Reasons.NodeConfigNotStarting, 0), (late.Condition.Status, late.Condition.Reason, late.Proven));
    }
}
