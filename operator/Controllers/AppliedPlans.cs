using System.Collections.Concurrent;
using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Controllers;

/// <summary>The plans that passed last, kept in ControllerRevisions.</summary>
internal sealed class AppliedPlans(KubernetesApi api, ILister<V1ControllerRevision> revisions)
{
    // What was just written may not have come back through the informer yet.
    private readonly ConcurrentDictionary<string, V1ControllerRevision> _written = new();

    /// <summary>The plan that passed last; null if none has.</summary>
    public RolloutPlan? Last(Owner owner) => Newest(owner) is { } newest ? AppliedRevision.Read(newest) : null;

    /// <summary>Keeps a plan, and lets go of those before it.</summary>
    public async Task SaveAsync(Owner owner, RolloutPlan plan, CancellationToken cancel)
    {
        V1ControllerRevision? newest = Newest(owner);
        bool isKept = newest is not null && AppliedRevision.Read(newest) is { } last && Gate.Same(last, plan);
        // One that no informer shows has just been written, or somebody deleted it: to create it again does no harm.
        if (!isKept || !Of(owner).Any(r => r.Revision == newest!.Revision))
        {
            V1ControllerRevision revision = AppliedRevision.Build(owner, plan, isKept ? newest!.Revision!.Value : (newest?.Revision ?? 0) + 1);
            newest = await api.CreateAsync(revision, cancel) ?? revision;
            _written[owner.Uid] = newest;
        }

        foreach (V1ControllerRevision old in Of(owner).Where(r => r.Revision < newest!.Revision))
        {
            await api.DeleteAsync(old, cancel);
        }
    }

    /// <summary>Forgets a resource that is gone.</summary>
    public void Forget(string uid) => _written.TryRemove(uid, out _);

    private V1ControllerRevision? Newest(Owner owner)
    {
        V1ControllerRevision? seen = Of(owner).MaxBy(r => r.Revision);
        V1ControllerRevision? written = _written.GetValueOrDefault(owner.Uid);
        return written?.Revision > (seen?.Revision ?? 0) ? written : seen;
    }

    // The DaemonSet's own revisions carry the pods' labels; their owner is the DaemonSet.
    private IEnumerable<V1ControllerRevision> Of(Owner owner) =>
        revisions.List(owner.Namespace).Where(r => OwnerMapper.IsControlledBy(r, owner.Uid));
}
