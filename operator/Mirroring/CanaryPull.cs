using k8s.Models;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>What became of the pull of one host's image.</summary>
/// <param name="IsOver">Whether the kubelet has said how it ended.</param>
/// <param name="Failure">Why the image was not pulled, in the kubelet's words; null if it was, or while it is not known.</param>
internal sealed record CanaryPull(bool IsOver, string? Failure)
{
    private static readonly CanaryPull Pending = new(false, null);
    private static readonly CanaryPull Pulled = new(true, null);

    // The kubelet's pkg/kubelet/images: all the reasons for which an image is not there.
    private static readonly HashSet<string> NotPulled =
        ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ImageInspectError", "ErrImageNeverPull", "RegistryUnavailable", "SignatureValidationFailed"];

    // The kubelet's pkg/kubelet/container: a container is made only once its image has been pulled, so that one that cannot be made, or cannot be
    // started, proves the pull as well as one that ran.
    private static readonly HashSet<string> NotStarted =
        ["CreateContainerConfigError", "PreCreateHookError", "CreateContainerError", "PreStartHookError", "RunContainerError", "PostStartHookError", "CrashLoopBackOff"];

    /// <param name="container">What the kubelet says of the container; null while it says nothing.</param>
    /// <param name="warnings">What the cluster recorded about its pod.</param>
    public static CanaryPull Of(V1ContainerStatus? container, IReadOnlyList<Corev1Event> warnings) => container?.State switch
    {
        // What the kubelet says of a container that it does not find when the pod ends, whether or not there ever was one.
        { Terminated.Reason: "ContainerStatusUnknown" } => Pending,
        // However it ended: a node that cannot run the image, as where a policy forbids its program, has pulled it all the same.
        { Terminated: not null } or { Running: not null } => Pulled,
        { Waiting: { Reason: { } reason } waiting } when NotPulled.Contains(reason) => Ended(Cause(container, warnings) ?? Words(waiting)),
        { Waiting.Reason: { } reason } when NotStarted.Contains(reason) => Pulled,
        _ => Pending,
    };

    /// <summary>Why a container will not start, for whatever reason; null if it may, or did.</summary>
    public static string? WhyNotStarted(V1ContainerStatus? container) =>
        container?.State?.Waiting is { Reason: { } reason } waiting && (NotPulled.Contains(reason) || NotStarted.Contains(reason)) ? Words(waiting) : null;

    /// <summary>Whether a container waits to be pulled again, and its kubelet does not say why it was not the last time.</summary>
    public static bool IsBackOffWithoutCause(V1ContainerStatus container) =>
        container.State?.Waiting is { Reason: "ImagePullBackOff" } waiting && waiting.Message?.Contains("ErrImagePull", StringComparison.Ordinal) != true;

    // The kubelet's own limit on pulls (registryPullQPS), which many hosts in one pod reach: it has not asked, and will by itself.
    private static CanaryPull Ended(string failure) => failure.Contains("pull QPS exceeded", StringComparison.Ordinal) ? Pending : new CanaryPull(true, failure);

    private static string? Cause(V1ContainerStatus container, IReadOnlyList<Corev1Event> warnings) => IsBackOffWithoutCause(container)
        ? warnings.Where(w => w.Message?.StartsWith($"Failed to pull image \"{container.Image}\"", StringComparison.Ordinal) == true)
            .MaxBy(w => w.LastTimestamp ?? w.EventTime)?.Message
        : null;

    private static string Words(V1ContainerStateWaiting waiting) =>
        string.IsNullOrWhiteSpace(waiting.Message) ? waiting.Reason : $"{waiting.Reason}: {waiting.Message}";
}
