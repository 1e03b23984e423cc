using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Restoration;

/// <summary>Sees to it that no node is ever configured that would not be restored: first the memory and the finalizer, then the DaemonSet.</summary>
internal sealed class Safeguard(ConfiguredNodesStore store, RestorationSurvey survey, RestoreFinalizer finalizer)
{
    /// <summary>Called before a plan is applied.</summary>
    /// <returns>The object of someone else's that is in the way, as <c>ConfigMap "registry-configured-nodes"</c>; null if none is.</returns>
    public async Task<string?> BeforeAsync(V1Alpha1LocalRegistry registry, RolloutPlan plan, CancellationToken cancel)
    {
        if (plan.Runtime is not { } runtime)
        {
            return null;
        }

        var resource = ResourceKey.Of(registry);
        if (!await store.RememberAsync(resource, plan.Image, runtime, cancel))
        {
            return $"ConfigMap \"{Names.ConfiguredNodes(resource)}\"";
        }

        await finalizer.AddAsync(registry, cancel);
        return null;
    }

    /// <summary>Called after a plan was applied: when it asks for no mirrors and the last node is restored, the resource can go without ado.</summary>
    public async Task AfterAsync(V1Alpha1LocalRegistry registry, RolloutPlan plan, CancellationToken cancel)
    {
        var resource = ResourceKey.Of(registry);
        if (plan.Runtime is null && RestoreFinalizer.IsOn(registry) && store.Get(resource) is null && survey.Occupied(resource).Count == 0)
        {
            // If it is not taken off now, the change that came between has the resource looked at again.
            await finalizer.RemoveAsync(registry, cancel);
        }
    }
}
