using System.Collections.Concurrent;
using k8s.Models;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>The proofs that were just written, and may not have come back through the informer yet. One resource is never reconciled twice at once.</summary>
internal sealed class ProofMemory
{
    private readonly ConcurrentDictionary<string, Dictionary<string, MirrorProof>> _written = new();

    /// <summary>The last proof of a node-configuration pod; null if there is none.</summary>
    public MirrorProof? Last(string owner, V1Pod pod)
    {
        MirrorProof? written = _written.GetValueOrDefault(owner)?.GetValueOrDefault(pod.Uid());
        MirrorProof? seen = MirrorProof.On(pod);
        return written is null || seen?.At > written.At ? seen : written;
    }

    /// <summary>Remembers a proof that was written to a pod.</summary>
    public void Put(string owner, V1Pod pod, MirrorProof proof) => _written.GetOrAdd(owner, _ => [])[pod.Uid()] = proof;

    /// <summary>Forgets all but these pods.</summary>
    public void Keep(string owner, IEnumerable<V1Pod> pods)
    {
        if (_written.TryGetValue(owner, out Dictionary<string, MirrorProof>? written))
        {
            HashSet<string> kept = [.. pods.Select(p => p.Uid())];
            foreach (string gone in written.Keys.Where(uid => !kept.Contains(uid)).ToArray())
            {
                written.Remove(gone);
            }
        }
    }

    /// <summary>Forgets a resource that is gone.</summary>
    public void Forget(string owner) => _written.TryRemove(owner, out _);
}
