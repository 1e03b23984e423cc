using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>
/// Has every node prove, again and again, that it pulls through its registry: by a short pod on each, some at a time. Nothing waits for it, and
/// whatever is refused to it is told by the condition alone.
/// </summary>
internal sealed class MirrorProofs(
    ProofPods proofPods,
    ProofMemory memory,
    NodeConfigTrouble trouble,
    MissingPods missing,
    Transitions transitions,
    ILister<V1DaemonSet> daemonSets,
    ILister<V1Pod> pods,
    ILister<V1Node> nodes,
    TimeProvider time)
{
    // When more nodes than these fail, the condition tells enough.
    private const int MostTold = 10;

    // Pods that come to run do not wake the resource, and nodes that come back do not either.
    private static readonly TimeSpan LookAtPodsAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAtNodesAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RefusedAgain = TimeSpan.FromSeconds(30);

    /// <param name="registry">The resource.</param>
    /// <param name="plan">What its nodes are given; null if nothing is rolled out.</param>
    /// <param name="before">Its status as it was.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<MirrorAnswer> RunAsync(V1Alpha1LocalRegistry registry, RolloutPlan? plan, LocalRegistryStatus before, CancellationToken cancel)
    {
        var owner = Owner.Of(registry);
        var attempts = new Attempts();
        V1Pod[] proofs = [.. pods.List(owner.Namespace).Where(p =>
            p.GetLabel(Labels.Component) == Labels.MirrorProofComponent && OwnerMapper.IsControlledBy(p, owner.Uid))];
        bool hasMirrors = plan is { Runtime: not null, MirrorsHash: not null } && MirrorProofPod.HostsOf(plan).Count > 0;
        if (!hasMirrors || NodeConfigPods.DaemonSetOf(owner, daemonSets) is not { } daemonSet)
        {
            await proofPods.DeleteAsync(proofs, attempts, cancel);
            Forget(owner.Uid);
            // What is asked for and not rolled out is told by the checks that keep it from being.
            return new MirrorAnswer(
                hasMirrors ? MirrorSummary.OfNoDaemonSet(Names.NodeConfig(owner))
                    : plan is null && registry.Spec.Mirrors is { Count: > 0 } ? MirrorSummary.OfNothing() : MirrorSummary.OfNone(),
                Due: attempts.Refused is null ? null : time.GetUtcNow() + RefusedAgain);
        }

        return await ProveAsync(registry, plan!, daemonSet, proofs, before, attempts, cancel);
    }

    /// <summary>Forgets a resource that is gone.</summary>
    public void Forget(string uid)
    {
        memory.Forget(uid);
        trouble.Forget(uid);
        missing.Forget(uid);
    }

    private async Task<MirrorAnswer> ProveAsync(
        V1Alpha1LocalRegistry registry, RolloutPlan plan, V1DaemonSet daemonSet, V1Pod[] proofs, LocalRegistryStatus before, Attempts attempts, CancellationToken cancel)
    {
        var owner = Owner.Of(registry);
        IReadOnlyList<ImageHost> hosts = MirrorProofPod.HostsOf(plan);
        var schedule = ProofSchedule.Of(plan.Spec.Validation.Interval);
        IReadOnlyList<V1Pod> configuring = NodeConfigPods.Of(daemonSet, pods);
        memory.Keep(owner.Uid, configuring);

        // What was found for a pod that is gone or replaced, or of other mirrors, would be said of the wrong thing.
        string mirrors = Names.Mirrors(owner, plan.MirrorsHash!);
        HashSet<string> current = [.. configuring.Where(p => NodeConfigPods.MirrorsOf(p) == mirrors).Select(p => p.Name())];
        ILookup<bool, V1Pod> wanted = proofs.ToLookup(p => NodeConfigPods.MirrorsOf(p) == mirrors && current.Contains(ProofPods.Of(p)));
        await proofPods.DeleteAsync(wanted[false], attempts, cancel);

        IReadOnlyDictionary<string, DateTimeOffset> serving = ServingNodes.Of(owner, daemonSets, pods);
        var all = new List<MirroredNode>();
        foreach (V1Pod pod in configuring)
        {
            string node = NodeConfigPods.NodeOf(pod)!;
            V1Pod? proving = wanted[true].FirstOrDefault(p => ProofPods.Of(p) == pod.Name());
            var mirrored = new MirroredNode(
                node,
                pod,
                memory.Last(owner.Uid, pod),
                proving,
                NodeReadiness.IsReachable(nodes, node),
                current.Contains(pod.Name()),
                serving.TryGetValue(node, out DateTimeOffset since) ? since : null);
            all.Add(await proofPods.FinishAsync(owner, mirrored, hosts, attempts, cancel));
        }

        if (all.Count(n => n.Last?.Verdict == MirrorVerdict.Failing) <= MostTold)
        {
            foreach (MirroredNode turned in all.Where(n => n.HasTurned))
            {
                await transitions.TellNodeAsync(registry, turned.Name, turned.Last!.Reason, turned.Last.Message, cancel);
            }
        }

        DateTimeOffset now = time.GetUtcNow();
        int desired = daemonSet.Status?.DesiredNumberScheduled ?? 0;
        await proofPods.StartAsync(owner, plan, ProofQueue.Next(all, ProofQueue.Limit(desired), schedule, now), attempts, cancel);
        var facts = new MirrorFacts
        {
            Desired = desired,
            Hosts = hosts.Count,
            Nodes = all,
            Trouble = await trouble.OfAsync(owner.Uid, daemonSet, cancel),
            Missing = missing.Long(owner.Uid, Math.Max(0, desired - all.Count - NodeConfigPods.Replacing(daemonSet, pods, now)), now),
            Refused = attempts.Refused,
            WasProven = WasProven(before, plan),
            WasReady = WasReady(before, plan),
            Schedule = schedule,
            Now = now,
        };
        return new MirrorAnswer(MirrorSummary.Of(facts), MirrorSummary.Proven(facts), Due(facts), MirrorSummary.IsTolerable(facts));
    }

    private static bool WasProven(LocalRegistryStatus before, RolloutPlan plan) => before.AppliedGeneration == plan.Generation
        && before.Conditions.Any(c => c is { Type: ConditionTypes.MirrorConfigured, Status: ConditionStatus.True, Reason: Reasons.MirrorsProven });

    private static bool WasReady(LocalRegistryStatus before, RolloutPlan plan) => before.AppliedGeneration == plan.Generation
        && before.Conditions.Any(c => c is { Type: ConditionTypes.Ready, Status: ConditionStatus.True });

    private static DateTimeOffset? Due(MirrorFacts facts)
    {
        bool podsAreComing = facts.Nodes.Count < facts.Desired || facts.Nodes.Any(n => n is { IsReachable: true, Proving: null } && n.Due(facts.Schedule) is null);
        DateTimeOffset?[] due =
        [
            ProofQueue.Due(facts.Nodes, facts.Schedule, facts.Now),
            podsAreComing ? facts.Now + LookAtPodsAgain : null,
            facts.Nodes.All(n => n.IsReachable) ? null : facts.Now + LookAtNodesAgain,
            facts.Refused is null ? null : facts.Now + RefusedAgain,
        ];
        return due.Min();
    }
}
