using System.Net;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Restoration;

/// <summary>The finalizer <see cref="Labels.RestoreNodes"/> on a resource.</summary>
internal sealed class RestoreFinalizer(KubernetesApi api)
{
    // Its own, so that to apply it says nothing of what the operator applies elsewhere on the resource.
    private const string FieldManager = "localregistry-operator-finalizer";

    public static bool IsOn(V1Alpha1LocalRegistry registry) => registry.Metadata.Finalizers?.Contains(Labels.RestoreNodes) == true;

    /// <summary>Puts it on a resource, beside others' finalizers.</summary>
    public async Task AddAsync(V1Alpha1LocalRegistry registry, CancellationToken cancel)
    {
        if (!IsOn(registry))
        {
            // With the uid, a resource that was deleted meanwhile is not made anew by this.
            var patch = new LocalRegistryPatch
            {
                Metadata = new V1ObjectMeta
                {
                    Name = registry.Name(), NamespaceProperty = registry.Namespace(), Uid = registry.Uid(), Finalizers = [Labels.RestoreNodes],
                },
            };
            await api.ApplyAsync(patch, FieldManager, null, cancel);
        }
    }

    /// <summary>
    /// Takes it off, whoever else has come to hold it: one that stays because somebody applied the resource with it would hold the resource for ever.
    /// </summary>
    /// <returns>False if the resource has changed meanwhile; then the change has it looked at again.</returns>
    public async Task<bool> RemoveAsync(V1Alpha1LocalRegistry registry, CancellationToken cancel)
    {
        try
        {
            string[] others = [.. registry.Metadata.Finalizers.Where(f => f != Labels.RestoreNodes)];
            // A list is only ever replaced whole, so it must be the list that was seen.
            var metadata = new { uid = registry.Uid(), resourceVersion = registry.ResourceVersion(), finalizers = others };
            await api.MergeAsync<V1Alpha1LocalRegistry>(ResourceKey.Of(registry), new { metadata }, cancel);
            return true;
        }
        catch (KubernetesException e) when (e.Status?.Code is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Conflict)
        {
            return e.Status.Code == (int)HttpStatusCode.NotFound;
        }
    }
}
