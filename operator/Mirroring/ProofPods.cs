using System.Net;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>Makes the proofs' pods, keeps what they find, and takes them away.</summary>
internal sealed class ProofPods(KubernetesApi api, ProofMemory memory, TimeProvider time)
{
    /// <summary>The node-configuration pod that a proof's pod is for.</summary>
    public static string Of(V1Pod proof) => proof.GetAnnotation(Labels.MirrorProofOf) ?? "";

    /// <summary>Takes pods away that nobody waits for any more.</summary>
    public async Task DeleteAsync(IEnumerable<V1Pod> obsolete, Attempts attempts, CancellationToken cancel)
    {
        foreach (V1Pod pod in obsolete.Where(p => p.DeletionTimestamp() is null))
        {
            await attempts.TryAsync(() => api.DeleteAsync(pod, cancel));
        }
    }

    /// <summary>Keeps what a node's pod found, if it has found something, and takes the pod away.</summary>
    /// <returns>The node as it stands then.</returns>
    public async Task<MirroredNode> FinishAsync(Owner owner, MirroredNode node, IReadOnlyList<ImageHost> hosts, Attempts attempts, CancellationToken cancel)
    {
        if (node.Proving is not { } pod || pod.DeletionTimestamp() is not null)
        {
            return node;
        }

        MirrorProof? last = node.Last;
        if (last?.Pod != pod.Uid())
        {
            DateTimeOffset now = time.GetUtcNow();
            if (ProofReading.Read(pod, hosts, await WarningsAsync(pod, cancel), now) is not { } found)
            {
                return node;
            }

            // Kept before the pod goes: whoever comes after a crash finds one of the two.
            last = MirrorProof.After(node.LastSinceServing, found, pod.Uid(), now);
            if (!await attempts.TryAsync(() => RecordAsync(node.Pod, last, cancel)))
            {
                return node;
            }

            memory.Put(owner.Uid, node.Pod, last);
            node = node with
            {
                Last = last,
                HasTurned = last is { Verdict: MirrorVerdict.Failing, LastProven: not null } && node.Last?.FailingSince is null,
            };
        }

        return await attempts.TryAsync(() => api.DeleteAsync(pod, cancel)) ? node with { Proving = null } : node;
    }

    /// <summary>Has nodes proven, up to the first that the API server refuses.</summary>
    public async Task StartAsync(Owner owner, RolloutPlan plan, IEnumerable<MirroredNode> nodes, Attempts attempts, CancellationToken cancel)
    {
        foreach (MirroredNode node in nodes)
        {
            V1Pod pod = MirrorProofPod.Build(owner, plan, node.Name, node.Pod.Name());
            // A quota that is used up for one is used up for the others too.
            if (!await attempts.TryAsync(async () => await CreateAsync(owner, pod, attempts, cancel)))
            {
                return;
            }
        }
    }

    private async Task CreateAsync(Owner owner, V1Pod pod, Attempts attempts, CancellationToken cancel)
    {
        if (await api.CreateAsync(pod, cancel) is not null || await api.GetAsync<V1Pod>(ResourceKey.Of(pod), cancel) is not { } existing)
        {
            return;
        }

        if (!OwnerMapper.IsControlledBy(existing, owner.Uid))
        {
            attempts.Refuse($"pod \"{pod.Name()}\" exists and is not this resource's; delete it");
        }
        else if (time.GetUtcNow() >= ProofReading.GivenUpAt(existing))
        {
            // One that lost its labels is never heard of again.
            await api.DeleteAsync(existing, cancel);
        }
    }

    private async Task RecordAsync(V1Pod pod, MirrorProof proof, CancellationToken cancel)
    {
        try
        {
            // With its uid, so that no namesake gets it.
            var annotations = new Dictionary<string, string> { [Labels.MirrorProof] = proof.ToJson() };
            await api.MergeAsync<V1Pod>(ResourceKey.Of(pod), new { metadata = new { uid = pod.Uid(), annotations } }, cancel);
        }
        catch (KubernetesException e) when (e.Status?.Code is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Conflict)
        {
            // Gone, and its proof with it.
        }
    }

    // While it waits to pull again, an older kubelet says no more why it could not; its Event does. Without that, the answer is the same but for words.
    private async Task<IReadOnlyList<Corev1Event>> WarningsAsync(V1Pod pod, CancellationToken cancel)
    {
        IReadOnlyList<Corev1Event> warnings = [];
        if (pod.Status?.ContainerStatuses?.Any(CanaryPull.IsBackOffWithoutCause) == true)
        {
            await new Attempts().TryAsync(async () => warnings = await api.ListWarningsAsync(pod.Namespace(), pod.Uid(), cancel));
        }

        return warnings;
    }
}
