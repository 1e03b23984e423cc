using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>Says which entity an object belongs to.</summary>
internal static class OwnerMapper
{
    /// <summary>The key of the controlling owner, if it is of the given kind.</summary>
    public static ResourceKey? ControllerOf<TOwner>(IMetadata<V1ObjectMeta> resource)
        where TOwner : IKubernetesObject<V1ObjectMeta>
    {
        string kind = ResourcePath.NameOf<TOwner>();
        return resource.GetController() is { } owner && owner.Kind == kind ? new ResourceKey(resource.Namespace(), owner.Name) : null;
    }

    /// <summary>The object of this name, if it is controlled by the one with this uid; null if there is none, or it is someone else's.</summary>
    public static T? Controlled<T>(ILister<T> lister, ResourceKey key, string uid)
        where T : class, IKubernetesObject<V1ObjectMeta> => lister.Get(key) is { } found && IsControlledBy(found, uid) ? found : null;

    /// <summary>Whether an object is controlled by the one with this uid.</summary>
    public static bool IsControlledBy(IMetadata<V1ObjectMeta> resource, string uid) => resource.GetController()?.Uid == uid;
}
