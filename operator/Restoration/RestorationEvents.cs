using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Restoration;

/// <summary>Tells how the restoration of a resource's nodes goes, in counts: about the resource or, when that is gone, the ConfigMap.</summary>
internal sealed class RestorationEvents(EventRecorder events, TimeProvider time)
{
    private const string Topic = "Restoration";

    /// <summary>After how long nodes that still wait are told of again: an API server keeps Events for an hour.</summary>
    public static readonly TimeSpan Reminder = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<ResourceKey, Episode> _episodes = new();

    /// <summary>Tells of nodes that are to be restored and were not before, of those that still wait now and then, and of the end of it.</summary>
    public async Task ProgressAsync(IKubernetesObject<V1ObjectMeta> about, ResourceKey resource, IReadOnlyList<NodeRestoration> nodes, CancellationToken cancel)
    {
        NodeRestoration[] pending = [.. nodes.Where(n => n.IsPending)];
        Episode before = _episodes.GetValueOrDefault(resource) ?? new Episode([], 0, DateTimeOffset.MinValue);
        int restored = before.Restored + nodes.Count(n => n.State == RestorationState.Restored);
        if (pending.Length == 0)
        {
            _episodes.TryRemove(resource, out _);
            if (restored > 0)
            {
                await events.NormalAsync(about, Topic, "NodesRestored", $"{RestorationSummary.Count(restored)} restored to what they were before.", cancel);
            }

            return;
        }

        DateTimeOffset now = time.GetUtcNow();
        bool isTold = pending.All(n => before.Pending.Contains(n.Node)) && now - before.ToldAt < Reminder;
        _episodes[resource] = new Episode([.. pending.Select(n => n.Node)], restored, isTold ? before.ToldAt : now);
        if (!isTold)
        {
            await events.NormalAsync(about, Topic, Reasons.RestoringNodes, $"To be restored to what they were before: {RestorationSummary.Of(pending)}.", cancel);
        }
    }

    /// <summary>Tells of nodes that could not be restored.</summary>
    public Task FailedAsync(IKubernetesObject<V1ObjectMeta> about, IReadOnlyCollection<NodeRestoration> failed, CancellationToken cancel) =>
        events.WarningAsync(about, Topic, "RestorationFailed", $"Not restored, and tried again: {RestorationSummary.Of(failed)}.", cancel);

    /// <summary>Tells that the API server takes no restoring pods.</summary>
    public Task RefusedAsync(IKubernetesObject<V1ObjectMeta> about, int waiting, string message, CancellationToken cancel) =>
        events.WarningAsync(
            about, Topic, "RestorationRefused",
            $"{RestorationSummary.Count(waiting)} cannot be restored yet, because the API server refuses the pod for it: {message} It is tried again.", cancel);

    /// <summary>Tells that a resource goes before all its nodes are restored.</summary>
    public Task LeftBehindAsync(V1Alpha1LocalRegistry registry, string why, IReadOnlyCollection<NodeRestoration> pending, CancellationToken cancel) =>
        events.WarningAsync(
            registry, Topic, "NodesLeftBehind",
            $"{why}, and this resource goes before every node is restored. Still configured: {RestorationSummary.Of(pending)}. "
            + "They are restored when they come back, as long as the operator runs.",
            cancel);

    /// <summary>Lets go of a resource whose nodes are all forgotten.</summary>
    public void Forget(ResourceKey resource) => _episodes.TryRemove(resource, out _);

    private sealed record Episode(HashSet<string> Pending, int Restored, DateTimeOffset ToldAt);
}
