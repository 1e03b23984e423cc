using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Restoration;

/// <summary>Reads and writes the ConfigMaps that remember the configured nodes.</summary>
internal sealed class ConfiguredNodesStore(KubernetesApi api, ILister<V1ConfigMap> configMaps)
{
    // Each is a folder that every restoring pod mounts.
    private const int MostPlaces = 8;

    // What was just written may not have come back through the informer yet.
    private readonly ConcurrentDictionary<ResourceKey, Written> _written = new();

    /// <summary>A resource's ConfigMap; null if there is none.</summary>
    public V1ConfigMap? Get(ResourceKey resource) =>
        configMaps.Get(KeyOf(resource)) is { } seen && ConfiguredNodesConfigMap.Is(seen) ? Newest(seen) : null;

    /// <summary>The newest that is known of a ConfigMap that an informer showed.</summary>
    public V1ConfigMap Newest(V1ConfigMap seen) =>
        _written.TryGetValue(ResourceKey.Of(seen), out Written? written) && written.Superseded.Contains(seen.ResourceVersion()) ? written.Newest : seen;

    /// <summary>Makes sure that a resource's nodes are remembered, with what it takes to restore them.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="image">The image that its nodes are given.</param>
    /// <param name="runtime">Their container runtime.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False if the ConfigMap's name is taken by someone else's, which is not touched.</returns>
    public async Task<bool> RememberAsync(ResourceKey resource, RegistryImage image, NodeRuntime runtime, CancellationToken cancel)
    {
        var wanted = new ConfiguredNodes { Resource = resource, Image = image, Places = [RestorePlace.Of(runtime)] };
        if (Get(resource) is { } known && await UpdateAsync(known, wanted, cancel))
        {
            return true;
        }

        while (await api.CreateAsync(ConfiguredNodesConfigMap.Build(wanted), cancel) is null)
        {
            // Not seen yet, or without its labels; only the API server knows.
            if (await api.GetAsync<V1ConfigMap>(KeyOf(resource), cancel) is { } existing)
            {
                if (!ConfiguredNodesConfigMap.Is(existing) || existing.GetLabel(Labels.Instance) != resource.Name)
                {
                    return false;
                }

                if (await UpdateAsync(existing, wanted, cancel))
                {
                    return true;
                }
            }
        }

        return true;
    }

    /// <summary>Writes which nodes are remembered.</summary>
    /// <returns>The ConfigMap as it is now; null if it is gone, or another has taken its place.</returns>
    public Task<V1ConfigMap?> WriteNamesAsync(V1ConfigMap known, ImmutableSortedSet<string> names, CancellationToken cancel) =>
        WriteAsync(known, ConfiguredNodesConfigMap.NodesKey, ConfiguredNodesConfigMap.WriteNames(names), cancel);

    /// <summary>Forgets a resource's nodes altogether.</summary>
    public Task DeleteAsync(V1ConfigMap known, CancellationToken cancel) => api.DeleteAsync(known, cancel);

    /// <summary>Lets go of what is known of a ConfigMap that is gone.</summary>
    public void Forget(V1ConfigMap gone) => _written.TryRemove(ResourceKey.Of(gone), out _);

    // False if it is gone.
    private async Task<bool> UpdateAsync(V1ConfigMap known, ConfiguredNodes wanted, CancellationToken cancel)
    {
        ConfiguredNodes? before = ConfiguredNodesConfigMap.Read(known);
        // As long as any node is remembered, it may be one that still has an earlier place.
        IEnumerable<RestorePlace> earlier = before?.Names.Count > 0 ? before.Places.Where(p => p != wanted.Places[0]) : [];
        string restore = ConfiguredNodesConfigMap.WriteRestore(wanted with { Places = [.. wanted.Places.Concat(earlier).Take(MostPlaces)] });
        return (known.Data?.TryGetValue(ConfiguredNodesConfigMap.RestoreKey, out string? written) == true && written == restore)
            || await WriteAsync(known, ConfiguredNodesConfigMap.RestoreKey, restore, cancel) is not null;
    }

    private async Task<V1ConfigMap?> WriteAsync(V1ConfigMap known, string key, string text, CancellationToken cancel)
    {
        try
        {
            // Two write to it, each a key of its own. The uid keeps what is meant for this one from another of its name.
            var patch = new { metadata = new { uid = known.Uid() }, data = new Dictionary<string, string> { [key] = text } };
            V1ConfigMap newest = await api.MergeAsync<V1ConfigMap>(ResourceKey.Of(known), patch, cancel);
            _written.AddOrUpdate(
                ResourceKey.Of(known),
                _ => Written.Instead([known], newest),
                (_, last) => Written.Instead([known, last.Newest], newest, last.Superseded));
            return newest;
        }
        catch (KubernetesException e) when (e.Status?.Code is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Conflict)
        {
            return null;
        }
    }

    private static ResourceKey KeyOf(ResourceKey resource) => new(resource.Namespace, Names.ConfiguredNodes(resource));

    // Versions can only be compared for being the same, so the last ones are kept.
    private sealed record Written(V1ConfigMap Newest, IReadOnlyList<string> Superseded)
    {
        private const int MostVersions = 16;

        public static Written Instead(IEnumerable<V1ConfigMap> older, V1ConfigMap newest, params IEnumerable<string> superseded) => new(
            newest,
            [.. superseded.Concat(older.Select(c => c.ResourceVersion())).Where(v => v != newest.ResourceVersion()).Distinct().TakeLast(MostVersions)]);
    }
}
