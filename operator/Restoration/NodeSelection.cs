using k8s.Models;
using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Restoration;

/// <summary>Says of a node whether a DaemonSet of the resource runs there.</summary>
internal static class NodeSelection
{
    // What the DaemonSet controller tolerates for its pods whatever they say themselves, network-unavailable because they use the host's.
    private static readonly HashSet<string> AlwaysTolerated =
    [
        "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "node.kubernetes.io/disk-pressure", "node.kubernetes.io/memory-pressure",
        "node.kubernetes.io/pid-pressure", "node.kubernetes.io/unschedulable", "node.kubernetes.io/network-unavailable",
    ];

    /// <summary>Whether a node has the labels that are asked for, and no taint that keeps the DaemonSet's pod from it.</summary>
    /// <param name="spec">What the resource asks for.</param>
    /// <param name="node">The node.</param>
    /// <param name="hasPod">Whether a pod is there already: one that runs stays whatever must not be scheduled any more.</param>
    public static bool Includes(NodeSpec spec, V1Node node, bool hasPod) =>
        (spec.NodeSelector ?? new Dictionary<string, string>()).All(s => node.GetLabel(s.Key) == s.Value)
        && (spec.Tolerations is not { } tolerations || (node.Spec?.Taints ?? []).All(taint =>
            !(taint.Effect == "NoExecute" || (taint.Effect == "NoSchedule" && !hasPod)) || AlwaysTolerated.Contains(taint.Key) || tolerations.Any(t => Tolerates(t, taint))));

    // An operator that is not known here is taken to tolerate: a node that may still be wanted is not restored.
    private static bool Tolerates(V1Toleration toleration, V1Taint taint) =>
        (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == taint.Effect)
        && (string.IsNullOrEmpty(toleration.Key) || toleration.Key == taint.Key)
        && (toleration.OperatorProperty is not (null or "" or "Equal") || (toleration.Value ?? "") == (taint.Value ?? ""));
}
