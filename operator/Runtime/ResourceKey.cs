using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>An object's place within its kind.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct ResourceKey(string Namespace, string Name)
{
    public static ResourceKey Of(IMetadata<V1ObjectMeta> resource) => new(resource.Namespace() ?? "", resource.Name());

    public override string ToString() => $"{Namespace}/{Name}";
}
