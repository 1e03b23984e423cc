using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

public sealed class ProofReadingTests
{
    private const string Said = "; of its configuration the node says: 2 hosts are told";
    private const string NotFound = "failed to resolve reference: not found";

    private static readonly DateTimeOffset Now = MirrorSamples.Start.AddSeconds(20);

    [Fact]
    public void Read_of_a_pod_whose_containers_all_ended_is_proven()
    {
        ProofFinding found = Found(MirrorSamples.AllPulled(MirrorSamples.Report(last: Now.AddSeconds(-5))));

        Assert.Equal(new ProofFinding(MirrorVerdict.Proven, MayPass: false, Reasons.MirrorsProven, "", Now.AddSeconds(-5)), found);
    }

    [Fact]
    public void Read_of_a_record_from_the_future_takes_the_present() =>
        Assert.Equal(Now, Found(MirrorSamples.AllPulled(MirrorSamples.Report(last: Now.AddYears(1)))).LastMirroredRequest);

    // The kubelet makes a container only once its image is there.
    [Theory]
    [InlineData("CreateContainerConfigError")]
    [InlineData("CreateContainerError")]
    [InlineData("RunContainerError")]
    [InlineData("CrashLoopBackOff")]
    public void Read_of_an_image_that_was_pulled_and_does_not_start_is_proven(string reason) => Assert.Equal(
        MirrorVerdict.Proven,
        Found(MirrorSamples.Report(), MirrorSamples.Ended("host-0"), MirrorSamples.Waiting("host-1", reason, "exec format error")).Verdict);

    [Fact]
    public void Read_of_an_image_that_was_pulled_and_runs_or_fails_is_proven() => Assert.Equal(
        MirrorVerdict.Proven, Found(MirrorSamples.Report(), MirrorSamples.Running("host-0"), MirrorSamples.Ended("host-1", 128, "StartError")).Verdict);

    [Theory]
    [InlineData("ErrImagePull")]
    [InlineData("ImagePullBackOff")]
    [InlineData("InvalidImageName")]
    [InlineData("ImageInspectError")]
    [InlineData("ErrImageNeverPull")]
    [InlineData("RegistryUnavailable")]
    [InlineData("SignatureValidationFailed")]
    public void Read_of_an_image_that_was_not_pulled_fails_with_the_host_and_the_kubelets_words(string reason)
    {
        ProofFinding found = Found(MirrorSamples.Report(), MirrorSamples.Ended("host-0"), MirrorSamples.Waiting("host-1", reason, $"{NotFound}\nand so on"));

        Assert.Equal((MirrorVerdict.Failing, true, Reasons.NotPulledThrough), (found.Verdict, found.MayPass, found.Reason));
        Assert.Equal($"*: {reason}: {NotFound}{Said}", found.Message);
    }

    [Fact]
    public void Read_of_many_images_that_were_not_pulled_names_one_and_counts_the_others() => Assert.Equal(
        $"registry.example.com (and 1 other host): ErrImagePull: one{Said}",
        Found(MirrorSamples.Report(), MirrorSamples.Waiting("host-0", "ErrImagePull", "one"), MirrorSamples.Waiting("host-1", "ErrImagePull", "two")).Message);

    [Fact]
    public void Read_of_an_image_that_was_not_pulled_tells_what_the_node_doubts_whole()
    {
        string words = new('x', 3000), doubt = $"2 hosts are told; {new string('y', 300)}";

        string message = Found(
            MirrorSamples.Report(message: doubt), MirrorSamples.Ended("host-0"), MirrorSamples.Waiting("host-1", "ErrImagePull", words)).Message;

        Assert.EndsWith($"xxx; of its configuration the node says: {doubt}", message, StringComparison.Ordinal);
        Assert.True(message.Length <= ShortText.OfNode);
    }

    [Fact]
    public void Read_of_a_doubt_that_did_not_come_true_is_proven() =>
        Assert.Equal(MirrorVerdict.Proven, Found(MirrorSamples.AllPulled(MirrorSamples.Report(message: "2 hosts are told; but perhaps"))).Verdict);

    [Fact]
    public void Read_of_a_back_off_without_its_cause_takes_it_from_the_newest_event_of_that_image()
    {
        Corev1Event[] warnings =
        [
            Warning("Failed to pull image \"image-of-host-1\": first", 1),
            Warning("Failed to pull image \"image-of-host-1\": last", 2),
            Warning("Failed to pull image \"image-of-host-0\": other", 3),
            Warning("Error: ErrImagePull", 4),
        ];
        V1Pod pod = Pod(MirrorSamples.Report(), MirrorSamples.Ended("host-0"), MirrorSamples.Waiting("host-1", "ImagePullBackOff", "Back-off pulling image \"image-of-host-1\""));

        Assert.Equal($"*: Failed to pull image \"image-of-host-1\": last{Said}", ProofReading.Read(pod, MirrorSamples.Hosts, warnings, Now)!.Message);
        // One that says it itself is believed.
        pod = Pod(MirrorSamples.Report(), MirrorSamples.Ended("host-0"), MirrorSamples.Waiting("host-1", "ImagePullBackOff", "Back-off: ErrImagePull: mine"));
        Assert.Equal($"*: ImagePullBackOff: Back-off: ErrImagePull: mine{Said}", ProofReading.Read(pod, MirrorSamples.Hosts, warnings, Now)!.Message);
    }

    [Theory]
    [InlineData(NodeState.Blocked, NodeReasons.NoConfigPath, false)]
    [InlineData(NodeState.Waiting, NodeReasons.WaitingForRegistry, true)]
    [InlineData(NodeState.Restored, NodeReasons.Restored, false)]
    public void Read_of_a_node_that_is_not_configured_tells_its_reason_whatever_was_pulled(NodeState state, string reason, bool mayPass)
    {
        ProofFinding found = Found(MirrorSamples.Report(state, reason, "Set config_path."), MirrorSamples.Ended("host-0"), MirrorSamples.Waiting("host-1", "ErrImagePull"));

        Assert.Equal(new ProofFinding(MirrorVerdict.Failing, mayPass, reason, "Set config_path."), found);
    }

    // A condition's reason must be one word, or the API server refuses the whole status; and whoever has a node can have it say anything.
    [Fact]
    public void Read_of_a_reason_that_is_no_word_takes_another() =>
        Assert.Equal(Reasons.NodeNotConfigured, Found(MirrorSamples.AllPulled(MirrorSamples.Report(NodeState.Blocked, "two words"))).Reason);

    [Fact]
    public void Read_of_a_long_message_makes_one_short_line_with_its_end()
    {
        ProofFinding found = Found(MirrorSamples.AllPulled(MirrorSamples.Report(NodeState.Blocked, NodeReasons.NotWritable, $"begin\u0007 {new string('x', 1500)} end")));

        Assert.Equal(ShortText.OfReport, found.Message.Length);
        Assert.StartsWith("begin xxx", found.Message, StringComparison.Ordinal);
        Assert.EndsWith("xxx end", found.Message, StringComparison.Ordinal);
    }

    // The kubelet makes fewer pulls a second than a pod with many hosts asks for, and tries again by itself.
    [Theory]
    [InlineData("ErrImagePull", "pull QPS exceeded")]
    [InlineData("ImagePullBackOff", "Back-off pulling image \"image-of-host-1\": ErrImagePull: pull QPS exceeded")]
    [InlineData("ImagePullBackOff", "Back-off pulling image \"image-of-host-1\"")]
    public void Read_while_the_kubelet_holds_a_pull_back_is_nothing_yet(string reason, string message)
    {
        V1Pod pod = Pod(MirrorSamples.Report(), MirrorSamples.Ended("host-0"), MirrorSamples.Waiting("host-1", reason, message));

        Assert.Null(ProofReading.Read(pod, MirrorSamples.Hosts, [Warning("Failed to pull image \"image-of-host-1\": pull QPS exceeded", 1)], Now));
    }

    [Fact]
    public void Read_while_a_pull_goes_on_is_nothing_yet()
    {
        Assert.Null(Read(MirrorSamples.Report(), MirrorSamples.Ended("host-0"), MirrorSamples.Waiting("host-1", "ContainerCreating")));
        Assert.Null(Read(MirrorSamples.Report(), MirrorSamples.Ended("host-0")));
        Assert.Null(Read(MirrorSamples.AllPulled(MirrorSamples.Running("node-config"))));
        Assert.Null(Read());
    }

    [Fact]
    public void Read_of_a_report_that_does_not_start_is_unknown_and_says_why()
    {
        ProofFinding found = Found(MirrorSamples.AllPulled(MirrorSamples.Waiting("node-config", "ImagePullBackOff", "no such image")));

        Assert.Equal(
            (MirrorVerdict.Unknown, Reasons.ProofInconclusive, "node-config report does not start: ImagePullBackOff: no such image"), (found.Verdict, found.Reason, found.Message));
    }

    [Theory]
    [InlineData("panic", null, "node-config report ended with exit code 137: panic")]
    [InlineData(null, "OOMKilled", "node-config report ended with exit code 137: OOMKilled")]
    [InlineData(null, null, "node-config report ended with exit code 137")]
    public void Read_of_a_report_that_is_none_is_unknown_and_says_how_it_ended(string? message, string? reason, string expected) =>
        Assert.Equal(expected, Found(MirrorSamples.AllPulled(MirrorSamples.Ended("node-config", 137, reason, message))).Message);

    [Fact]
    public void Read_of_a_pod_that_the_kubelet_does_not_take_is_unknown_and_says_why()
    {
        V1Pod pod = Pod();
        (pod.Status.Phase, pod.Status.Reason, pod.Status.Message) = ("Failed", "OutOfpods", "Node didn't have enough resource: pods");

        ProofFinding found = ProofReading.Read(pod, MirrorSamples.Hosts, [], Now)!;

        Assert.Equal((MirrorVerdict.Unknown, "the proof's pod was ended (OutOfpods): Node didn't have enough resource: pods"), (found.Verdict, found.Message));
    }

    [Fact]
    public void Read_of_a_pull_that_did_not_end_in_time_is_unknown()
    {
        // So the kubelet speaks of containers that it never made, when it ends a pod.
        V1Pod pod = Pod(MirrorSamples.Report(last: Now), MirrorSamples.Ended("host-0"), MirrorSamples.Ended("host-1", 137, "ContainerStatusUnknown"));
        (pod.Status.Phase, pod.Status.Reason) = ("Failed", "DeadlineExceeded");

        ProofFinding found = ProofReading.Read(pod, MirrorSamples.Hosts, [], Now)!;

        Assert.Equal((MirrorVerdict.Unknown, Reasons.ProofInconclusive, Now), (found.Verdict, found.Reason, found.LastMirroredRequest));
        Assert.StartsWith("the kubelet did not end the pull of \"canary.localregistry.invalid/", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_pod_that_no_kubelet_runs_is_given_up_a_minute_after_its_deadline()
    {
        V1Pod pod = Pod();

        Assert.Null(ProofReading.Read(pod, MirrorSamples.Hosts, [], MirrorSamples.Start.AddSeconds(179)));
        Assert.Equal(
            "the node's kubelet did not run the proof's pod within 180 s", ProofReading.Read(pod, MirrorSamples.Hosts, [], MirrorSamples.Start.AddSeconds(180))!.Message);
    }

    private static V1Pod Pod(params V1ContainerStatus[] containers) => MirrorSamples.Proof("a", MirrorSamples.Start, containers);

    private static ProofFinding? Read(params V1ContainerStatus[] containers) => ProofReading.Read(Pod(containers), MirrorSamples.Hosts, [], Now);

    private static ProofFinding Found(params V1ContainerStatus[] containers) => Read(containers)!;

    private static Corev1Event Warning(string message, int second) => new() { Message = message, LastTimestamp = MirrorSamples.Start.UtcDateTime.AddSeconds(second) };
}
