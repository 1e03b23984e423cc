using k8s.Models;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>When what happened to a pod.</summary>
internal static class PodTimes
{
    /// <summary>When it was made.</summary>
    public static DateTimeOffset Created(V1Pod pod) => Utc(pod.CreationTimestamp()) ?? DateTimeOffset.MinValue;

    /// <summary>By when it is to be gone; null while it is to stay.</summary>
    public static DateTimeOffset? Deleted(V1Pod pod) => Utc(pod.DeletionTimestamp());

    /// <summary>When its container began to run; null if it does not.</summary>
    public static DateTimeOffset? Running(V1Pod pod) =>
        pod.Status is { Phase: "Running" } status ? Utc(status.ContainerStatuses?.FirstOrDefault()?.State?.Running?.StartedAt) : null;

    /// <summary>Since when it is ready; null if it is not.</summary>
    public static DateTimeOffset? Ready(V1Pod pod) => pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "Ready", Status: "True" }) is { } ready
        ? Utc(ready.LastTransitionTime) ?? Created(pod)
        : null;

    // Kubernetes' times are in UTC, whether or not whoever read them says so.
    private static DateTimeOffset? Utc(DateTime? time) => time is { } value
        ? new DateTimeOffset(value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : DateTime.SpecifyKind(value, DateTimeKind.Utc), TimeSpan.Zero)
        : null;
}
