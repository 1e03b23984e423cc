using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Restoration;

/// <summary>
/// Sees to it that no node is ever configured that would not be restored: first the memory and the finalizer, then the DaemonSet. And that the
/// registry knows of mirrors as long as a node does.
/// </summary>
internal sealed class Safeguard(ConfiguredNodesStore store, RestorationSurvey survey, RestoreFinalizer finalizer)
{
    /// <summary>
    /// What the nodes are given of a plan. One that asks for no mirrors leaves the registry deaf to the host that an image is asked for under; a
    /// node that is still told of the mirrors would then be given the bucket's image of the same name for that host's. So until the last node is
    /// restored, the registry stands in for no host: every one is answered 404, which sends the runtime to the host itself.
    /// </summary>
    public RolloutPlan OnNodes(V1Alpha1LocalRegistry registry, RolloutPlan plan)
    {
        var resource = ResourceKey.Of(registry);
        return plan.Runtime is null && MayBeConfigured(resource)
            ? plan with { Mirrors = MirrorsRendering.Closed($"{resource.Namespace}/{resource.Name}", plan.Spec, plan.Port, plan.DebugPort) }
            : plan;
    }

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
        if (plan.Runtime is null && RestoreFinalizer.IsOn(registry) && !MayBeConfigured(resource))
        {
            // If it is not taken off now, the change that came between has the resource looked at again.
            await finalizer.RemoveAsync(registry, cancel);
        }
    }

    // A pod that is not remembered yet may configure its node all the same.
    private bool MayBeConfigured(ResourceKey resource) => store.Get(resource) is not null || survey.Occupied(resource).Count > 0;
}
