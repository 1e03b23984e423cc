using k8s.Models;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>Tells whether a node's kubelet answers.</summary>
internal static class NodeReadiness
{
    /// <summary>Whether it does. A node that the API server does not know is not known to be down either.</summary>
    public static bool IsReachable(ILister<V1Node> nodes, string node) =>
        nodes.Get(new ResourceKey("", node))?.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready") is not { Status: not "True" };
}
