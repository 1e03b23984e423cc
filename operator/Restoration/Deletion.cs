using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Restoration;

/// <summary>
/// Holds a resource that is being deleted until its nodes are as they were: first the DaemonSet goes, whose pods restore their nodes while they
/// end, then every node is made sure of. The registry serves on meanwhile. What takes too long is left to be restored later.
/// </summary>
internal sealed class Deletion(
    KubernetesApi api,
    ILister<V1DaemonSet> daemonSets,
    ConfiguredNodesStore store,
    RestorationSurvey survey,
    RestoreFinalizer finalizer,
    RestorationEvents events,
    StatusWriter statuses,
    TimeProvider time)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public async Task<ReconciliationResult<V1Alpha1LocalRegistry>> RunAsync(V1Alpha1LocalRegistry registry, CancellationToken cancel)
    {
        if (!RestoreFinalizer.IsOn(registry))
        {
            // The garbage collector takes the objects; to put one back now would race it.
            return ReconciliationResult<V1Alpha1LocalRegistry>.Success(registry);
        }

        bool isGone = await DeleteDaemonSetAsync(registry, cancel);
        NodeRestoration[] pending = [.. Pending(ResourceKey.Of(registry))];
        TimeSpan left = Timeout(registry) - (time.GetUtcNow() - registry.DeletionTimestamp()!.Value.ToUniversalTime());
        if (isGone && pending.Length == 0)
        {
            return await ReleaseAsync(registry, cancel);
        }

        // An operator that comes late still lets the nodes be restored before the registry goes.
        bool isLate = isGone && left <= TimeSpan.Zero;
        if (isLate || registry.GetAnnotation(Labels.AbandonNodes) is not null)
        {
            if (pending.Length > 0)
            {
                string why = isLate
                    ? $"spec.node.runtime.restoreTimeout ({registry.Spec.Node.Runtime.RestoreTimeout}) has passed"
                    : $"The annotation {Labels.AbandonNodes} is set";
                await events.LeftBehindAsync(registry, why, pending, cancel);
            }

            return await ReleaseAsync(registry, cancel);
        }

        await TellAsync(registry, pending, left, cancel);
        return ReconciliationResult<V1Alpha1LocalRegistry>.Success(registry, left > TimeSpan.Zero && left < LookAgain ? left : LookAgain);
    }

    // The names that are remembered, and those of pods that may not be among them yet.
    private IEnumerable<NodeRestoration> Pending(ResourceKey resource)
    {
        IEnumerable<string> remembered = store.Get(resource) is { } memory ? ConfiguredNodesConfigMap.ReadNames(memory) : [];
        return survey.Of(resource, remembered.Union(survey.Occupied(resource))).Where(n => n.IsPending);
    }

    // One that is still there, were it only in the copy of the cluster, may still make pods.
    private async Task<bool> DeleteDaemonSetAsync(V1Alpha1LocalRegistry registry, CancellationToken cancel)
    {
        if (NodeConfigPods.DaemonSetOf(Owner.Of(registry), daemonSets) is not { } daemonSet)
        {
            return true;
        }

        await api.DeleteAsync(daemonSet, cancel);
        return false;
    }

    private async Task<ReconciliationResult<V1Alpha1LocalRegistry>> ReleaseAsync(V1Alpha1LocalRegistry registry, CancellationToken cancel) =>
        ReconciliationResult<V1Alpha1LocalRegistry>.Success(registry, await finalizer.RemoveAsync(registry, cancel) ? null : LookAgain);

    // A deletion that takes long must explain itself where people look: kubectl describe.
    private async Task TellAsync(V1Alpha1LocalRegistry registry, NodeRestoration[] pending, TimeSpan left, CancellationToken cancel)
    {
        LocalRegistryStatus before = statuses.Last(registry);
        var changed = new ConditionSet(before.Conditions, registry.Generation() ?? 0, time.GetUtcNow());
        DateTimeOffset end = time.GetUtcNow() + (left > TimeSpan.Zero ? left : LookAgain);
        string message = pending.Length == 0
            ? "This resource is being deleted; its node-configuration pods are about to end."
            : $"This resource is being deleted and waits, until {end:yyyy-MM-ddTHH:mm:ssZ} at the latest, for nodes to be restored to what they were before: {RestorationSummary.Of(pending)}. "
                + $"Annotate it with {Labels.AbandonNodes}=true to let it go at once; the nodes are then restored later.";
        foreach (string type in (ReadOnlySpan<string>)[ConditionTypes.MirrorConfigured, ConditionTypes.Ready])
        {
            changed.Set(type, ConditionStatus.False, Reasons.RestoringNodes, message);
        }

        // In the order in which they were, so that what did not change is not written.
        Condition[] conditions =
        [
            .. before.Conditions.Select(c => changed.All.FirstOrDefault(n => n.Type == c.Type) ?? c),
            .. changed.All.Where(n => before.Conditions.All(c => c.Type != n.Type)),
        ];
        await statuses.WriteAsync(registry, before with { ObservedGeneration = registry.Generation(), Conditions = conditions }, cancel);
    }

    private static TimeSpan Timeout(V1Alpha1LocalRegistry registry) =>
        GoDuration.TryParse(registry.Spec.Node.Runtime.RestoreTimeout, out TimeSpan timeout) ? timeout : DefaultTimeout;
}
