using System.Reflection;
using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>Where the API server keeps a kind.</summary>
internal static class ResourcePath
{
    /// <summary>The path of a kind's list.</summary>
    /// <param name="space">The namespace; null for all of them.</param>
    public static string OfList<T>(string? space)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        KubernetesEntityAttribute kind = Kind<T>.Attribute;
        string root = kind.Group.Length == 0 ? $"api/{kind.ApiVersion}" : $"apis/{kind.Group}/{kind.ApiVersion}";
        return space is null ? $"{root}/{kind.PluralName}" : $"{root}/namespaces/{Uri.EscapeDataString(space)}/{kind.PluralName}";
    }

    /// <summary>The path of one object.</summary>
    public static string Of<T>(ResourceKey key)
        where T : IKubernetesObject<V1ObjectMeta> => $"{OfList<T>(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";

    /// <summary>Writes apiVersion and kind into an object: the client's models leave them empty.</summary>
    public static T Identify<T>(T resource)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        KubernetesEntityAttribute kind = Kind<T>.Attribute;
        resource.ApiVersion = kind.Group.Length == 0 ? kind.ApiVersion : $"{kind.Group}/{kind.ApiVersion}";
        resource.Kind = kind.Kind;
        return resource;
    }

    /// <summary>The kind's name.</summary>
    public static string NameOf<T>()
        where T : IKubernetesObject<V1ObjectMeta> => Kind<T>.Attribute.Kind;

    private static class Kind<T>
    {
        public static readonly KubernetesEntityAttribute Attribute = typeof(T).GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new InvalidOperationException($"{typeof(T)} does not say where the API server keeps it");
    }
}
