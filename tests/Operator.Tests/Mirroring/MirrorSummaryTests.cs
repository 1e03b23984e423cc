using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

public sealed class MirrorSummaryTests
{
    private static readonly MirrorProof Good = MirrorSamples.ProofOf(MirrorVerdict.Proven);
    private static readonly MirrorProof Bad = MirrorSamples.ProofOf(MirrorVerdict.Failing, failures: 2, reason: Reasons.NotPulledThrough, message: "host: not found.");
    private static readonly MirrorProof Blocked = MirrorSamples.ProofOf(MirrorVerdict.Failing, failures: 1, reason: NodeReasons.NoConfigPath, message: "Set config_path.");
    private static readonly MirrorProof Unsure = MirrorSamples.ProofOf(MirrorVerdict.Unknown, failures: 1, reason: Reasons.ProofInconclusive, message: "gone");

    [Fact]
    public void Of_nodes_that_are_all_proven_is_true() =>
        Check(ConditionStatus.True, Reasons.MirrorsProven, "3 of 3 nodes pull 2 hosts through their registry.", Facts(3, Good, Good, Good));

    [Fact]
    public void Of_one_host_says_so() => Check(
        ConditionStatus.True, Reasons.MirrorsProven, "1 of 1 nodes pull 1 host through their registry.", Facts(1, Good) with { Hosts = 1 });

    [Fact]
    public void Of_nodes_that_are_being_proven_is_unknown_until_all_but_a_rollouts_pace_are()
    {
        Check(ConditionStatus.Unknown, Reasons.ProvingMirrors, "1 of 3 nodes pull 2 hosts through their registry.", Facts(3, Good, null, null));
        Check(ConditionStatus.True, Reasons.MirrorsProven, "2 of 3 nodes pull 2 hosts through their registry.", Facts(3, Good, Good, null));
        Check(ConditionStatus.Unknown, Reasons.ProvingMirrors, "0 of 1 nodes pull 2 hosts through their registry.", Facts(1, [null]));
        Check(ConditionStatus.Unknown, Reasons.ProvingMirrors, "0 of 2 nodes pull 2 hosts through their registry.", Facts(2));
    }

    [Fact]
    public void Of_nodes_whose_pods_are_new_stays_true_once_enough_were_proven() => Check(
        ConditionStatus.True, Reasons.MirrorsProven, "1 of 3 nodes pull 2 hosts through their registry.", Facts(3, Good, null, null) with { WasProven = true });

    [Fact]
    public void Of_proofs_without_an_answer_is_unknown_also_when_enough_were_proven() => Check(
        ConditionStatus.Unknown,
        Reasons.ProvingMirrors,
        "1 of 3 nodes pull 2 hosts through their registry. node-1: ProofInconclusive: gone; node-2: ProofInconclusive: gone.",
        Facts(3, Good, Unsure, Unsure) with { WasProven = true });

    [Fact]
    public void Of_one_proof_without_an_answer_is_true_and_tells_it() => Check(
        ConditionStatus.True,
        Reasons.MirrorsProven,
        "2 of 3 nodes pull 2 hosts through their registry. node-2: ProofInconclusive: gone.",
        Facts(3, Good, Good, Unsure));

    [Fact]
    public void Of_a_proof_that_is_too_old_is_no_proof()
    {
        MirrorFacts facts = Facts(1, Good);

        Assert.True(MirrorSummary.Of(facts with { Now = MirrorSamples.Start.AddMinutes(195) }).Holds);
        Check(
            ConditionStatus.Unknown,
            Reasons.ProvingMirrors,
            "0 of 1 nodes pull 2 hosts through their registry. node-0: ProofInconclusive: no proof has given an answer since 2026-03-01T12:00:00Z.",
            facts with { Now = MirrorSamples.Start.AddMinutes(196), WasProven = true });
    }

    [Fact]
    public void Of_a_node_that_does_not_answer_says_so()
    {
        MirrorFacts facts = Facts(1, [null]);

        Check(
            ConditionStatus.Unknown,
            Reasons.ProvingMirrors,
            "0 of 1 nodes pull 2 hosts through their registry. node-0: ProofInconclusive: the node is not ready.",
            facts with { Nodes = [facts.Nodes[0] with { IsReachable = false }] });
    }

    [Fact]
    public void Of_a_proof_of_other_mirrors_is_none()
    {
        MirrorFacts facts = Facts(1, Good);
        facts = facts with { Nodes = [facts.Nodes[0] with { IsCurrent = false }] };

        Assert.Equal((ConditionStatus.Unknown, 0), (MirrorSummary.Of(facts).Status, MirrorSummary.Proven(facts)));
    }

    [Fact]
    public void Of_a_node_that_fails_is_false_however_many_are_proven()
    {
        Check(
            ConditionStatus.False,
            Reasons.NotPulledThrough,
            "2 of 3 nodes pull 2 hosts through their registry, 1 does not. node-2: NotPulledThrough: host: not found.",
            Facts(3, Good, Good, Bad) with { WasProven = true });
    }

    [Fact]
    public void Of_nodes_that_fail_takes_the_reason_that_most_have_and_names_three()
    {
        Check(
            ConditionStatus.False,
            Reasons.NotPulledThrough,
            "0 of 1000 nodes pull 2 hosts through their registry, 5 do not. node-1: NotPulledThrough: host: not found; node-2: NotPulledThrough: host: not found; "
                + "node-4: NotPulledThrough: host: not found; and 2 more.",
            Facts(1000, Blocked, Bad, Bad, Blocked, Bad));
        Assert.Equal(NodeReasons.NoConfigPath, MirrorSummary.Of(Facts(2, Bad, Blocked)).Reason);
    }

    [Fact]
    public void Of_a_thousand_nodes_with_long_words_is_short()
    {
        MirrorProof wordy = Bad with { Message = new string('x', 5000) };

        Assert.True(MirrorSummary.Of(Facts(1000, [.. Enumerable.Repeat(wordy, 1000)])).Message.Length < 3000);
    }

    [Fact]
    public void Of_pods_that_do_not_start_says_why_of_three()
    {
        MirrorFacts facts = Facts(5) with { Trouble = ["d: 4", "a: 1", "c: 3", "b: 2."] };

        Check(ConditionStatus.Unknown, Reasons.NodeConfigNotStarting, "0 of 5 nodes pull 2 hosts through their registry. a: 1; b: 2.; c: 3.", facts);
    }

    [Fact]
    public void Of_proofs_that_are_refused_is_unknown_if_too_few_are_proven_and_told_in_any_case()
    {
        const string Refused = " The API server refuses what is needed to prove nodes: exceeded quota";

        Check(
            ConditionStatus.Unknown,
            Reasons.ProofRefused,
            $"0 of 1 nodes pull 2 hosts through their registry.{Refused}",
            Facts(1, [null]) with { Refused = "exceeded quota", WasProven = true });
        Check(
            ConditionStatus.True, Reasons.MirrorsProven, $"1 of 1 nodes pull 2 hosts through their registry.{Refused}", Facts(1, Good) with { Refused = "exceeded quota" });
        Check(
            ConditionStatus.False,
            Reasons.NotPulledThrough,
            $"0 of 1 nodes pull 2 hosts through their registry, 1 does not. node-0: NotPulledThrough: host: not found.{Refused}",
            Facts(1, Bad) with { Refused = "exceeded quota" });
    }

    // What it was before it went down nobody can see to, and nobody can find mended.
    [Fact]
    public void Of_a_node_that_failed_and_is_down_or_was_not_proven_for_long_is_unknown()
    {
        MirrorFacts facts = Facts(1, Bad);

        Check(
            ConditionStatus.Unknown,
            Reasons.ProvingMirrors,
            "0 of 1 nodes pull 2 hosts through their registry. node-0: ProofInconclusive: the node is not ready.",
            facts with { Nodes = [facts.Nodes[0] with { IsReachable = false }] });
        Check(
            ConditionStatus.Unknown,
            Reasons.ProvingMirrors,
            "0 of 1 nodes pull 2 hosts through their registry. node-0: ProofInconclusive: no proof has given an answer since 2026-03-01T12:00:00Z; full.",
            Facts(1, Bad with { Doubt = "full" }) with { Now = MirrorSamples.Start.AddMinutes(196) });
    }

    [Fact]
    public void Of_nodes_that_are_not_proven_within_five_minutes_is_unknown_also_when_they_were_before()
    {
        MirrorFacts facts = Facts(1, [null]) with { WasProven = true, Now = MirrorSamples.Start.AddMinutes(5) };

        Assert.True(MirrorSummary.Of(facts).Holds);
        Check(
            ConditionStatus.Unknown,
            Reasons.ProvingMirrors,
            "0 of 1 nodes pull 2 hosts through their registry. node-0: ProvingMirrors: not proven within 5 minutes.",
            facts with { Now = MirrorSamples.Start.AddMinutes(5.1) });
        Check(
            ConditionStatus.Unknown,
            Reasons.ProvingMirrors,
            "0 of 1 nodes pull 2 hosts through their registry. node-0: ProvingMirrors: its registry is not ready.",
            facts with { Now = MirrorSamples.Start.AddMinutes(5.1), Nodes = [facts.Nodes[0] with { ServingSince = null }] });
    }

    [Fact]
    public void Of_nodes_that_have_had_no_pod_for_long_is_unknown_also_when_they_were_proven_before()
    {
        MirrorFacts facts = Facts(2) with { WasProven = true };

        Assert.True(MirrorSummary.Of(facts).Holds);
        Check(
            ConditionStatus.Unknown,
            Reasons.NodeConfigNotStarting,
            "0 of 2 nodes pull 2 hosts through their registry. 2 nodes have had no node-configuration pod for 5 minutes.",
            facts with { Missing = 2 });
        Check(
            ConditionStatus.True,
            Reasons.MirrorsProven,
            "2 of 3 nodes pull 2 hosts through their registry. 1 node has had no node-configuration pod for 5 minutes.",
            Facts(3, Good, Good) with { Missing = 1 });
    }

    [Fact]
    public void IsTolerable_while_no_more_nodes_fail_than_a_rollout_takes_and_one_does_not()
    {
        Assert.True(MirrorSummary.IsTolerable(Facts(2, Good, Bad)));
        Assert.True(MirrorSummary.IsTolerable(Facts(3, Good, Good, Bad)));
        Assert.False(MirrorSummary.IsTolerable(Facts(3, Good, Bad, Bad)));
        Assert.True(MirrorSummary.IsTolerable(Facts(20, [.. Enumerable.Repeat(Good, 18), Bad, Bad])));
        Assert.False(MirrorSummary.IsTolerable(Facts(20, [.. Enumerable.Repeat(Good, 17), Bad, Bad, Bad])));
        Assert.False(MirrorSummary.IsTolerable(Facts(1, Bad)));
        Assert.False(MirrorSummary.IsTolerable(Facts(1, Good)));
    }

    // One that fails at once makes a rollout that has just begun no better.
    [Fact]
    public void IsTolerable_only_once_enough_of_the_others_were_proven()
    {
        MirrorFacts begun = Facts(10, Bad, Good, null, null);

        Assert.False(MirrorSummary.IsTolerable(begun));
        Assert.True(MirrorSummary.IsTolerable(begun with { WasReady = true }));
        Assert.False(MirrorSummary.IsTolerable(Facts(3, Bad, Unsure, Unsure) with { WasReady = true }));
    }

    [Fact]
    public void Of_no_nodes_is_unknown() => Check(
        ConditionStatus.Unknown, Reasons.ProvingMirrors, "No node matches spec.node.nodeSelector and the tolerations.", Facts(0));

    private static void Check(ConditionStatus status, string reason, string message, MirrorFacts facts) =>
        Assert.Equal(new ConditionAnswer(status, reason, message), MirrorSummary.Of(facts));

    private static MirrorFacts Facts(int desired, params MirrorProof?[] proofs) => new()
    {
        Desired = desired,
        Hosts = 2,
        Nodes =
        [
            .. proofs.Select((proof, i) => new MirroredNode(
                $"node-{i}", MirrorSamples.NodeConfig($"node-{i}"), proof, null, IsReachable: true, IsCurrent: true, MirrorSamples.Start)),
        ],
        WasProven = false,
        Schedule = ProofSchedule.Of("10m"),
        Now = MirrorSamples.Start.AddMinutes(1),
    };
}
