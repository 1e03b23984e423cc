using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>A kind's objects as the API server last told them. They are shared: never change one.</summary>
internal interface ILister<T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>One object; null if it is not known.</summary>
    T? Get(ResourceKey key);

    /// <summary>All objects, wherever they are.</summary>
    IEnumerable<T> All { get; }

    /// <summary>All objects in a namespace.</summary>
    IEnumerable<T> List(string space);
}
