using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>Finds the nodes whose registry serves. Where it does not, a proof would find nothing but that.</summary>
internal static class ServingNodes
{
    /// <returns>Since when each of them does, by the node's name.</returns>
    public static IReadOnlyDictionary<string, DateTimeOffset> Of(Owner owner, ILister<V1DaemonSet> daemonSets, ILister<V1Pod> pods)
    {
        var serving = new Dictionary<string, DateTimeOffset>();
        if (OwnerMapper.Controlled(daemonSets, new ResourceKey(owner.Namespace, Names.DaemonSet(owner)), owner.Uid) is not { } daemonSet)
        {
            return serving;
        }

        // One on its way out may still be ready, and is about to serve no more.
        foreach (V1Pod pod in pods.List(owner.Namespace).Where(p => OwnerMapper.IsControlledBy(p, daemonSet.Uid()) && p.DeletionTimestamp() is null))
        {
            if (NodeConfigPods.NodeOf(pod) is { } node && PodTimes.Ready(pod) is { } since)
            {
                serving[node] = since;
            }
        }

        return serving;
    }
}
