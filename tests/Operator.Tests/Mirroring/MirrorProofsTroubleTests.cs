using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Mirroring;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

/// <summary>What stands in the way of proofs, and what is told of it.</summary>
public sealed class MirrorProofsTroubleTests : IAsyncDisposable
{
    private const string Quota = """{"kind": "Status", "code": 403, "reason": "Forbidden", "message": "exceeded quota: pods=10"}""";

    private FakeNodes _cluster = new(desired: 3);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

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
        Assert.Contains("The API server refuses what is needed to prove nodes: ", answer.Condition.Message, StringComparison.Ordinal);
        Assert.EndsWith(told, answer.Condition.Message, StringComparison.Ordinal);
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
        await _cluster.DisposeAsync();
        _cluster = new FakeNodes(desired: 1);
        _cluster.Put(MirrorSamples.NodeConfig("a"));
        _cluster.Nodes.Items.Add(new V1Node
        {
            Metadata = new V1ObjectMeta { Name = "a" },
            Status = new V1NodeStatus { Conditions = [new V1NodeCondition { Type = "Ready", Status = "Unknown" }] },
        });

        MirrorAnswer answer = await _cluster.RunAsync();
        Assert.Empty(_cluster.Proving);
        Assert.Contains("a: ProofInconclusive: the node is not ready.", answer.Condition.Message, StringComparison.Ordinal);
        Assert.Equal(_cluster.Time.GetUtcNow().AddSeconds(30), answer.Due);

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

        Assert.StartsWith("*: Failed to pull image \"image-of-host-1\": x509: unknown authority;", _cluster.ProofOf("a")!.Message, StringComparison.Ordinal);
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
    public async Task Run_asks_why_a_pod_does_not_start_once_in_two_minutes()
    {
        V1Pod pod = MirrorSamples.NodeConfig("a", ready: false);
        pod.Status.Phase = "Pending";
        pod.Status.ContainerStatuses[0] = MirrorSamples.Waiting("node-config", "ContainerCreating");
        _cluster.Put(pod);
        int asked = 0;
        _cluster.First = r => r.Path.Value!.EndsWith("/events", StringComparison.Ordinal)
            ? (200, $$"""{"items": [{"metadata": {}, "involvedObject": {}, "reason": "FailedMount", "message": "answer {{++asked}}"}]}""")
            : null;
        _cluster.Time.Advance(TimeSpan.FromSeconds(30));

        for (int i = 0; i < 12; i++)
        {
            Assert.EndsWith("a: answer 1.", (await _cluster.RunAsync()).Condition.Message, StringComparison.Ordinal);
            _cluster.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.EndsWith("a: answer 2.", (await _cluster.RunAsync()).Condition.Message, StringComparison.Ordinal);
        // Another pod is another question.
        pod.Metadata.Uid = "uid-a2";
        Assert.EndsWith("a: answer 3.", (await _cluster.RunAsync()).Condition.Message, StringComparison.Ordinal);
    }
}
