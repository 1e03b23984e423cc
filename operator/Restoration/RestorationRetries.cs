using System.Collections.Concurrent;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Restoration;

/// <summary>When to try again. After a restart of the operator every node has its first retry before it again, which does no harm.</summary>
internal sealed class RestorationRetries(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastOfNode = TimeSpan.FromMinutes(10);

    // What keeps pods from being made, as a quota does, is often gone sooner than what is wrong on a node.
    private static readonly TimeSpan LastOfRefusal = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<(ResourceKey Resource, string Node), NodeFailures> _failures = new();
    private readonly ConcurrentDictionary<ResourceKey, Refusals> _refusals = new();

    /// <summary>Counts a pod that failed, once.</summary>
    /// <returns>When the node is tried again, and whether this pod's failure is news.</returns>
    public (DateTimeOffset Due, bool IsNew) Failed(ResourceKey resource, string node, string podUid)
    {
        NodeFailures? before = _failures.GetValueOrDefault((resource, node));
        if (before?.PodUid == podUid)
        {
            return (before.Due, false);
        }

        int count = (before?.Count ?? 0) + 1;
        NodeFailures failures = new(podUid, count, time.GetUtcNow() + Backoff.After(count, First, LastOfNode));
        _failures[(resource, node)] = failures;
        return (failures.Due, true);
    }

    /// <summary>Lets go of a node that is forgotten.</summary>
    public void Forget(ResourceKey resource, string node) => _failures.TryRemove((resource, node), out _);

    /// <summary>Counts that the API server refused a pod.</summary>
    public void Refused(ResourceKey resource)
    {
        int count = (_refusals.GetValueOrDefault(resource)?.Count ?? 0) + 1;
        _refusals[resource] = new Refusals(count, time.GetUtcNow() + Backoff.After(count, First, LastOfRefusal));
    }

    /// <summary>Lets go of refusals, when a pod was made.</summary>
    public void Accepted(ResourceKey resource) => _refusals.TryRemove(resource, out _);

    /// <summary>When pods may be made again; null at once.</summary>
    public DateTimeOffset? RefusedUntil(ResourceKey resource) =>
        _refusals.GetValueOrDefault(resource) is { } refusals && refusals.Due > time.GetUtcNow() ? refusals.Due : null;

    /// <summary>Lets go of all that was known of a resource's nodes.</summary>
    public void Forget(ResourceKey resource)
    {
        _refusals.TryRemove(resource, out _);
        foreach ((ResourceKey Resource, string Node) key in _failures.Keys.Where(k => k.Resource == resource))
        {
            _failures.TryRemove(key, out _);
        }
    }

    private sealed record NodeFailures(string PodUid, int Count, DateTimeOffset Due);

    private sealed record Refusals(int Count, DateTimeOffset Due);
}
