using k8s.Models;
using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The resource that objects are made for.</summary>
/// <param name="Namespace">Its namespace, and theirs.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
internal sealed record Owner(string Namespace, string Name, string Uid)
{
    public static Owner Of(V1Alpha1LocalRegistry registry) => new(registry.Namespace(), registry.Name(), registry.Uid());

    /// <summary>The metadata of one of its objects.</summary>
    public V1ObjectMeta Metadata(string name, string component) => new()
    {
        Name = name,
        NamespaceProperty = Namespace,
        Labels = Labels.For(Name, component),
        OwnerReferences = [Reference()],
    };

    private V1OwnerReference Reference() => new()
    {
        ApiVersion = $"{V1Alpha1LocalRegistry.KubeGroup}/{V1Alpha1LocalRegistry.KubeApiVersion}",
        Kind = V1Alpha1LocalRegistry.KubeKind,
        Name = Name,
        Uid = Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };
}
