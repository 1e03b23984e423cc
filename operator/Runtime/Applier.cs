using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>Brings owned objects to their desired state by server-side apply, under the operator's one field manager.</summary>
internal sealed class Applier(KubernetesApi api)
{
    public const string FieldManager = "localregistry-operator";

    private readonly ConcurrentDictionary<(string Kind, ResourceKey Key), (string Content, string? Version)> _applied = new();

    /// <summary>Applies an object, unless one of that name belongs to someone else.</summary>
    /// <param name="desired">The fields to hold, with the owner reference.</param>
    /// <param name="lister">The objects as last seen.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The object as it is now; null if the name is taken by one with another controlling owner, or with none, which is not touched.</returns>
    public async Task<T?> ApplyAsync<T>(T desired, ILister<T> lister, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = ResourceKey.Of(desired);
        string owner = desired.GetController().Uid;
        T? live = lister.Get(key);
        // An object that lost its label is in no informer; only the API server knows whether it exists.
        T? existing = live ?? await api.GetAsync<T>(key, cancel);
        if (existing is not null && !OwnerMapper.IsControlledBy(existing, owner))
        {
            return null;
        }

        // Applying the same again changes nothing, but costs a call: it is left out while the object is still the one that came back last time.
        string content = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(desired))));
        (string Kind, ResourceKey Key) place = (ResourcePath.NameOf<T>(), key);
        if (live is not null && _applied.TryGetValue(place, out (string Content, string? Version) last)
            && last == (content, live.ResourceVersion()))
        {
            return live;
        }

        T result = await api.ApplyAsync(desired, FieldManager, null, cancel);
        _applied[place] = (content, result.ResourceVersion());
        return result;
    }
}
