using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>Finds a resource's node-configuration pods.</summary>
internal static class NodeConfigPods
{
    /// <summary>The resource's DaemonSet of them; null if it has none.</summary>
    public static V1DaemonSet? DaemonSetOf(Owner owner, ILister<V1DaemonSet> daemonSets) =>
        OwnerMapper.Controlled(daemonSets, new ResourceKey(owner.Namespace, Names.NodeConfig(owner)), owner.Uid);

    /// <summary>The pod of each node: while one is replaced there are two, of which the newer counts.</summary>
    public static IReadOnlyList<V1Pod> Of(V1DaemonSet daemonSet, ILister<V1Pod> pods) =>
    [
        .. pods.List(daemonSet.Namespace())
            .Where(p => OwnerMapper.IsControlledBy(p, daemonSet.Uid()) && p.DeletionTimestamp() is null && NodeOf(p) is not null)
            .GroupBy(p => NodeOf(p)!, (_, same) => same.MaxBy(p => p.CreationTimestamp())!),
    ];

    /// <summary>How many nodes have a pod that has just been told to go, and no other: the next one is about to come.</summary>
    /// <param name="daemonSet">The DaemonSet.</param>
    /// <param name="pods">All pods.</param>
    /// <param name="now">The time.</param>
    public static int Replacing(V1DaemonSet daemonSet, ILister<V1Pod> pods, DateTimeOffset now)
    {
        ILookup<bool, V1Pod> ending = pods.List(daemonSet.Namespace())
            .Where(p => OwnerMapper.IsControlledBy(p, daemonSet.Uid()) && NodeOf(p) is not null)
            .ToLookup(p => p.DeletionTimestamp() is not null);
        return ending[true].Where(p => now - PodTimes.Deleted(p) <= ProofSchedule.Patience).Select(p => NodeOf(p)!).Except(ending[false].Select(p => NodeOf(p)!)).Count();
    }

    /// <summary>A pod's node; null while it has none, which for a DaemonSet's pod is not long.</summary>
    public static string? NodeOf(V1Pod pod) => string.IsNullOrEmpty(pod.Spec?.NodeName) ? null : pod.Spec.NodeName;

    /// <summary>The ConfigMap with <c>mirrors.yml</c> that a pod has; null if it has none.</summary>
    public static string? MirrorsOf(V1Pod pod) => pod.Spec?.Volumes?.FirstOrDefault(v => v.Name == NodeConfigPod.MirrorsVolume)?.ConfigMap?.Name;
}
