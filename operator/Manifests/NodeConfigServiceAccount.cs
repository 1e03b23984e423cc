using k8s.Models;

namespace LocalRegistry.Operator.Manifests;

/// <summary>
/// The ServiceAccount of the node-configuration pods. It stands for nothing: no role is bound to it, no token of it is mounted, and it carries
/// no annotation that a webhook could give an AWS role for.
/// </summary>
internal static class NodeConfigServiceAccount
{
    public static V1ServiceAccount Build(Owner owner) => new()
    {
        Metadata = owner.Metadata(Names.NodeConfig(owner), Labels.NodeConfigComponent),
        AutomountServiceAccountToken = false,
    };
}
