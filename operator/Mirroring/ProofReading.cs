using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>Reads what a proof's pod found.</summary>
internal static class ProofReading
{
    // The kubelet ends the pod at its deadline; one that does not even do that does not answer at all.
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(MirrorProofPod.DeadlineSeconds + 60);

    /// <summary>When a pod that says nothing is given up.</summary>
    public static DateTimeOffset GivenUpAt(V1Pod pod) => PodTimes.Created(pod) + GiveUp;

    /// <param name="pod">The proof's pod.</param>
    /// <param name="hosts">The hosts that its containers pull from.</param>
    /// <param name="warnings">What the cluster recorded about the pod.</param>
    /// <param name="now">The time.</param>
    /// <returns>What it found, as soon as every container has ended or will not start; null before.</returns>
    public static ProofFinding? Read(V1Pod pod, IReadOnlyList<ImageHost> hosts, IReadOnlyList<Corev1Event> warnings, DateTimeOffset now)
    {
        V1ContainerStatus? report = Container(pod, NodeConfigPod.ContainerName);
        CanaryPull[] pulls = [.. hosts.Select((_, index) => CanaryPull.Of(Container(pod, MirrorProofPod.ContainerOf(index)), warnings))];
        bool isTold = report?.State?.Terminated is not null || CanaryPull.WhyNotStarted(report) is not null;
        bool isOver = pod.Status?.Phase is "Succeeded" or "Failed" || now >= GivenUpAt(pod);
        return (isTold && pulls.All(p => p.IsOver)) || isOver ? Judge(pod, report, hosts, pulls, now) : null;
    }

    private static ProofFinding Judge(V1Pod pod, V1ContainerStatus? container, IReadOnlyList<ImageHost> hosts, CanaryPull[] pulls, DateTimeOffset now)
    {
        if (NodeReport.Parse(container?.State?.Terminated?.Message ?? "") is not { } report)
        {
            return ProofFinding.Unknown(Reasons.ProofInconclusive, ShortText.Of(WhyNoReport(pod, container)));
        }

        // A record from the future would hide that nothing is asked for any more.
        DateTimeOffset? last = report.LastMirroredRequest > now ? now : report.LastMirroredRequest;
        if (report.State != NodeState.Configured)
        {
            string reason = ShortText.IsWord(report.Reason) ? report.Reason : Reasons.NodeNotConfigured;
            return new ProofFinding(MirrorVerdict.Failing, report.State == NodeState.Waiting, reason, Said(report), last);
        }

        (ImageHost Host, CanaryPull Pull)[] all = [.. hosts.Zip(pulls)];
        if (all.Where(p => p.Pull.Failure is not null).ToArray() is [var first, .. var others])
        {
            string more = others.Length == 0 ? "" : others.Length == 1 ? " (and 1 other host)" : $" (and {others.Length} other hosts)";
            // What the node finds doubtful in its runtime's configuration may be why; that nothing is doubtful there says where not to look.
            return new ProofFinding(
                MirrorVerdict.Failing,
                MayPass: true,
                Reasons.NotPulledThrough,
                $"{first.Host}{more}: {ShortText.Of(first.Pull.Failure!).TrimEnd('.')}; of its configuration the node says: {Said(report)}",
                last);
        }

        if (all.Where(p => !p.Pull.IsOver).ToArray() is [var pending, ..])
        {
            return ProofFinding.Unknown(
                Reasons.ProofInconclusive,
                $"the kubelet did not end the pull of \"{Canary.ImageFor(pending.Host)}\" within {MirrorProofPod.DeadlineSeconds} s; it may pull others first")
                with { LastMirroredRequest = last };
        }

        return new ProofFinding(MirrorVerdict.Proven, MayPass: false, Reasons.MirrorsProven, "", last);
    }

    private static string Said(NodeReport report) => ShortText.Of(report.Message, ShortText.OfReport);

    private static string WhyNoReport(V1Pod pod, V1ContainerStatus? container)
    {
        if (container?.State?.Terminated is { Reason: not "ContainerStatusUnknown" } end)
        {
            string said = end.Message ?? end.Reason ?? "";
            return said.Length == 0 ? $"node-config report ended with exit code {end.ExitCode}" : $"node-config report ended with exit code {end.ExitCode}: {said}";
        }

        return CanaryPull.WhyNotStarted(container) is { } waiting ? $"node-config report does not start: {waiting}"
            // What the kubelet says of a pod that it takes no more, or ended.
            : pod.Status?.Reason is { Length: > 0 } reason ? $"the proof's pod was ended ({reason}): {pod.Status.Message}"
            : $"the node's kubelet did not run the proof's pod within {(int)GiveUp.TotalSeconds} s";
    }

    private static V1ContainerStatus? Container(V1Pod pod, string name) => pod.Status?.ContainerStatuses?.FirstOrDefault(c => c.Name == name);
}
