using System.Collections.Concurrent;
using System.Net;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Controllers;

/// <summary>Writes a resource's status where it changed.</summary>
internal sealed class StatusWriter(KubernetesApi api)
{
    // What was just written may not have come back through the informer yet, and transitions must be told apart from the newest.
    private readonly ConcurrentDictionary<string, LocalRegistryStatus> _written = new();

    /// <summary>The status as it was last written.</summary>
    public LocalRegistryStatus Last(V1Alpha1LocalRegistry registry) =>
        _written.GetValueOrDefault(registry.Uid()) ?? registry.Status ?? new LocalRegistryStatus();

    public async Task WriteAsync(V1Alpha1LocalRegistry registry, LocalRegistryStatus status, CancellationToken cancel)
    {
        if (registry.Status is not null && KubernetesJson.Serialize(registry.Status) == KubernetesJson.Serialize(status))
        {
            return;
        }

        var patch = new StatusPatch
        {
            Metadata = new V1ObjectMeta { Name = registry.Name(), NamespaceProperty = registry.Namespace() },
            Status = status,
        };
        try
        {
            await api.ApplyAsync(patch, Applier.FieldManager, "status", cancel);
            _written[registry.Uid()] = status;
        }
        catch (KubernetesException e) when (e.Status?.Code == (int)HttpStatusCode.NotFound)
        {
            // Deleted meanwhile; there is nobody left to tell.
        }
    }

    /// <summary>Forgets a resource that is gone.</summary>
    public void Forget(string uid) => _written.TryRemove(uid, out _);

    // The resource without its spec: to apply a field is to hold it, and the spec is the user's.
    [KubernetesEntity(
        Group = V1Alpha1LocalRegistry.KubeGroup,
        ApiVersion = V1Alpha1LocalRegistry.KubeApiVersion,
        Kind = V1Alpha1LocalRegistry.KubeKind,
        PluralName = V1Alpha1LocalRegistry.KubePluralName)]
    private sealed class StatusPatch : IKubernetesObject<V1ObjectMeta>
    {
        public string ApiVersion { get; set; } = "";

        public string Kind { get; set; } = "";

        public V1ObjectMeta Metadata { get; set; } = new();

        public LocalRegistryStatus? Status { get; set; }
    }
}
