using k8s.Models;
using LocalRegistry.Operator.Mirroring;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

public sealed class ProofQueueTests
{
    private static readonly ProofSchedule Schedule = ProofSchedule.Of("10m");
    private static readonly DateTimeOffset Start = MirrorSamples.Start;

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(40, 2)]
    [InlineData(41, 3)]
    [InlineData(400, 20)]
    [InlineData(5000, 20)]
    public void Limit_is_five_percent_but_two_at_least_and_twenty_at_most(int nodes, int limit) => Assert.Equal(limit, ProofQueue.Limit(nodes));

    [Fact]
    public void Due_of_a_pod_without_a_proof_is_when_it_became_ready_or_half_a_minute_after_it_began_to_run()
    {
        Assert.Equal(Start.AddSeconds(2), Node("a").Due(Schedule));
        Assert.Equal(Start.AddSeconds(30), Node("a", MirrorSamples.NodeConfig("a", ready: false)).Due(Schedule));
    }

    [Fact]
    public void Due_of_a_node_that_cannot_be_proven_now_is_never()
    {
        V1Pod starting = MirrorSamples.NodeConfig("a", ready: false);
        starting.Status.ContainerStatuses[0] = MirrorSamples.Waiting("node-config", "CrashLoopBackOff");
        V1Pod pending = MirrorSamples.NodeConfig("a");
        pending.Status.Phase = "Pending";

        Assert.Null(Node("a", starting).Due(Schedule));
        Assert.Null(Node("a", pending).Due(Schedule));
        Assert.Null((Node("a") with { IsReachable = false }).Due(Schedule));
        Assert.Null((Node("a") with { IsCurrent = false }).Due(Schedule));
        Assert.Null((Node("a") with { ServingSince = null }).Due(Schedule));
        Assert.Null((Node("a") with { Proving = MirrorSamples.Proof("a", Start) }).Due(Schedule));
    }

    [Fact]
    public void Due_of_a_node_whose_registry_is_back_since_it_failed_does_not_wait()
    {
        MirrorProof failed = MirrorSamples.ProofOf(MirrorVerdict.Failing, failures: 9);
        MirroredNode ready = Node("a") with { Last = failed, ServingSince = Start.AddSeconds(20) };
        MirroredNode waiting = Node("a", MirrorSamples.NodeConfig("a", ready: false)) with { Last = failed, ServingSince = Start.AddSeconds(20) };

        Assert.Equal(Start.AddMinutes(10), (ready with { ServingSince = Start }).Due(Schedule));
        Assert.Equal(Start.AddSeconds(20), ready.Due(Schedule));
        Assert.Equal(Start.AddSeconds(50), waiting.Due(Schedule));
        // And what failed before does not make the next wait longer.
        Assert.Equal(0, ready.LastSinceServing!.Failures);
        Assert.Equal(9, (ready with { ServingSince = Start }).LastSinceServing!.Failures);
        // One that was proven is proven again when it is due.
        Assert.InRange((ready with { Last = MirrorSamples.ProofOf(MirrorVerdict.Proven) }).Due(Schedule)!.Value, Start.AddMinutes(54), Start.AddMinutes(66));
    }

    [Fact]
    public void Next_takes_those_first_that_have_waited_longest_and_no_more_than_there_is_room_for()
    {
        MirroredNode[] nodes =
        [
            Node("new"),
            Node("later") with { Last = MirrorSamples.ProofOf(MirrorVerdict.Proven, Start) },
            Node("overdue") with { Last = MirrorSamples.ProofOf(MirrorVerdict.Proven, Start.AddHours(-1)) },
            Node("failing") with { Last = MirrorSamples.ProofOf(MirrorVerdict.Failing, Start.AddMinutes(-1), failures: 1) },
            Node("proving") with { Proving = MirrorSamples.Proof("proving", Start) },
        ];

        Assert.Equal(["overdue", "failing", "new"], Names(nodes, 20));
        Assert.Equal(["overdue"], Names(nodes, 2));
        Assert.Empty(Names(nodes, 1));
    }

    [Fact]
    public void Due_of_all_is_the_next_that_is_still_to_come()
    {
        MirroredNode waiting = Node("failing") with { Last = MirrorSamples.ProofOf(MirrorVerdict.Failing, Start, failures: 1) };
        MirroredNode proving = Node("proving") with { Proving = MirrorSamples.Proof("proving", Start) };

        Assert.Equal(Start.AddSeconds(30), ProofQueue.Due([Node("new"), waiting, proving], Schedule, Start.AddSeconds(5)));
        Assert.Equal(Start.AddSeconds(180), ProofQueue.Due([proving], Schedule, Start.AddSeconds(5)));
        Assert.Null(ProofQueue.Due([Node("new")], Schedule, Start.AddSeconds(5)));
    }

    private static IEnumerable<string> Names(MirroredNode[] nodes, int limit) => ProofQueue.Next(nodes, limit, Schedule, Start.AddSeconds(5)).Select(n => n.Name);

    private static MirroredNode Node(string name, V1Pod? pod = null) => new(name, pod ?? MirrorSamples.NodeConfig(name), null, null, IsReachable: true, IsCurrent: true, Start.AddDays(-1));
}
