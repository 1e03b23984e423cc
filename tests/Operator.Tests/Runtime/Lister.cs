using k8s;
using k8s.Models;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Tests.Runtime;

/// <summary>Objects as an informer would have seen them.</summary>
internal sealed class Lister<T> : ILister<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public List<T> Items { get; } = [];

    public IEnumerable<T> All => Items;

    public T? Get(ResourceKey key) => Items.FirstOrDefault(i => ResourceKey.Of(i) == key);

    public IEnumerable<T> List(string space) => Items.Where(i => i.Namespace() == space);
}
