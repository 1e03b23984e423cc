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

        var patch = new LocalRegistryPatch
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
}
