using System.Collections.Immutable;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Restoration;

/// <summary>
/// Remembers in a resource's ConfigMap which nodes are configured, and restores those that no longer should be, by a short pod on each. It needs
/// nothing but the ConfigMap, so a node that was down is restored when it comes back, however long the resource has been gone.
/// </summary>
internal sealed partial class RestorationController(
    OperatorOptions options,
    KubernetesApi api,
    ConfiguredNodesStore store,
    RestorationSurvey survey,
    RestorationRetries retries,
    RestorationEvents events,
    TimeProvider time,
    ILogger<RestorationController> logger) : IEntityController<V1ConfigMap>
{
    // Each is a pod to be made, started and taken away again; a thousand nodes are through in some minutes.
    private const int MostAtOnce = 20;

    // For what no informer tells, and changes that one of them missed to tell in time.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    public async Task<ReconciliationResult<V1ConfigMap>> ReconcileAsync(V1ConfigMap entity, CancellationToken cancel)
    {
        V1ConfigMap memory = store.Newest(entity);
        if (ConfiguredNodesConfigMap.Read(memory) is not { } known)
        {
            return ReconciliationResult<V1ConfigMap>.Failure(
                entity,
                $"data[\"{ConfiguredNodesConfigMap.RestoreKey}\"] cannot be read, so no node of it can be restored. While the resource asks for mirrors, the ConfigMap "
                + "is written anew when it is deleted; otherwise restore the nodes by \"registry node-config restore\", and delete it.");
        }

        ResourceKey resource = known.Resource;
        ImmutableSortedSet<string> names = known.Names.Union(survey.Occupied(resource));
        IReadOnlyList<NodeRestoration> nodes = survey.Of(resource, names);
        ImmutableSortedSet<string> remaining = names.Except(nodes.Where(n => n.State is RestorationState.Gone or RestorationState.Restored).Select(n => n.Node));
        if (!remaining.SetEquals(known.Names))
        {
            if (await store.WriteNamesAsync(memory, remaining, cancel) is not { } written)
            {
                return ReconciliationResult<V1ConfigMap>.Failure(entity, "it was deleted meanwhile");
            }

            memory = written;
            Log.Remembered(logger, resource, remaining.Count);
        }

        IKubernetesObject<V1ObjectMeta> about = survey.ResourceOf(resource) as IKubernetesObject<V1ObjectMeta> ?? memory;
        // Only now that they are forgotten: a pod that is gone proves nothing.
        await CleanAsync(resource, nodes, cancel);
        DateTimeOffset? retry = await RetryAsync(about, resource, nodes, cancel);
        await StartAsync(about, known, memory, nodes, cancel);
        await events.ProgressAsync(about, resource, nodes, cancel);
        if (remaining.IsEmpty && !survey.HasMirrors(resource))
        {
            await store.DeleteAsync(memory, cancel);
            Log.Done(logger, resource);
        }

        return ReconciliationResult<V1ConfigMap>.Success(entity, RequeueAfter(resource, nodes, retry));
    }

    public Task<ReconciliationResult<V1ConfigMap>> DeletedAsync(V1ConfigMap entity, CancellationToken cancel)
    {
        ResourceKey resource = ConfiguredNodesConfigMap.ResourceOf(entity);
        store.Forget(entity);
        retries.Forget(resource);
        events.Forget(resource);
        return Task.FromResult(ReconciliationResult<V1ConfigMap>.Success(entity));
    }

    // Takes away restoring pods where there is nothing to restore, or no more.
    private async Task CleanAsync(ResourceKey resource, IReadOnlyList<NodeRestoration> nodes, CancellationToken cancel)
    {
        HashSet<string> kept = [.. nodes
            .Where(n => n.State is RestorationState.NotReady or RestorationState.Running or RestorationState.Failed)
            .Select(n => n.Node)];
        V1Pod[] superfluous = [.. survey.Restoring(resource).Where(p => !kept.Contains(p.Spec.NodeName) && p.DeletionTimestamp() is null)];
        foreach (V1Pod pod in superfluous)
        {
            await api.DeleteAsync(pod, cancel);
            retries.Forget(resource, pod.Spec.NodeName);
        }
    }

    // A pod that failed is kept to be looked at until its node's next turn. Gives when that is.
    private async Task<DateTimeOffset?> RetryAsync(
        IKubernetesObject<V1ObjectMeta> about, ResourceKey resource, IReadOnlyList<NodeRestoration> nodes, CancellationToken cancel)
    {
        DateTimeOffset? next = null;
        var news = new List<NodeRestoration>();
        foreach (NodeRestoration node in nodes.Where(n => n.State == RestorationState.Failed))
        {
            (DateTimeOffset due, bool isNew) = retries.Failed(resource, node.Node, node.Pod!.Uid());
            if (isNew)
            {
                news.Add(node);
            }

            if (due <= time.GetUtcNow())
            {
                await api.DeleteAsync(node.Pod!, cancel);
            }
            else if (next is null || due < next)
            {
                next = due;
            }
        }

        if (news.Count > 0)
        {
            Log.Failed(logger, resource, RestorationSummary.Of(news));
            await events.FailedAsync(about, news, cancel);
        }

        return next;
    }

    private async Task StartAsync(
        IKubernetesObject<V1ObjectMeta> about, ConfiguredNodes known, V1ConfigMap memory, IReadOnlyList<NodeRestoration> nodes, CancellationToken cancel)
    {
        int free = MostAtOnce - nodes.Count(n => n.State == RestorationState.Running);
        NodeRestoration[] due = [.. nodes.Where(n => n.State == RestorationState.Due)];
        if (free <= 0 || due.Length == 0 || retries.RefusedUntil(known.Resource) is not null)
        {
            return;
        }

        RegistryImage image = options.RegistryImage.IsSameRepository(known.Image) ? known.Image : options.RegistryImage;
        try
        {
            foreach (NodeRestoration node in due.Take(free))
            {
                await api.CreateAsync(NodeRestorePod.Build(known, memory, image, node.Node), cancel);
                retries.Accepted(known.Resource);
            }
        }
        catch (KubernetesException e) when (e.Status is not null)
        {
            // A quota, an admission webhook, a namespace that is being deleted: what keeps one of these pods out keeps the others out too.
            retries.Refused(known.Resource);
            Log.Refused(logger, known.Resource, e.Status.Message);
            await events.RefusedAsync(about, due.Length, e.Status.Message, cancel);
        }
    }

    private TimeSpan? RequeueAfter(ResourceKey resource, IReadOnlyList<NodeRestoration> nodes, DateTimeOffset? retry)
    {
        // Nodes that come back are told of by their informer.
        bool isMoving = nodes.Any(n => n.State is RestorationState.Occupied or RestorationState.Due or RestorationState.Running);
        TimeSpan? wait = isMoving ? LookAgain : nodes.Any(n => n.IsPending) ? RestorationEvents.Reminder : null;
        foreach (DateTimeOffset due in new[] { retry, retries.RefusedUntil(resource) }.OfType<DateTimeOffset>())
        {
            TimeSpan until = due - time.GetUtcNow();
            wait = wait is null || until < wait ? until : wait;
        }

        return wait;
    }
}
