using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>
/// Keeps a copy of the cluster's nodes, in any namespace that is watched: they are in none. What a node tells of its images and in annotations
/// is most of it, and nothing here reads it.
/// </summary>
internal static class NodeInformer
{
    public static Informer<V1Node> Build(KubernetesApi api, TimeProvider time, ILogger<Informer<V1Node>> logger) => new(api, null, null, time, logger)
    {
        Trim = node =>
        {
            node.Metadata.Annotations = null;
            node.Status?.Images = null;
        },
    };
}
