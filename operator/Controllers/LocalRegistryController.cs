using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Operator.Restoration;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Controllers;

/// <summary>Validates, applies, observes and tells; each of these is somebody else's.</summary>
internal sealed class LocalRegistryController(
    OperatorOptions options,
    Proving proving,
    AppliedPlans plans,
    Rollout rollout,
    MirrorProofs mirrorProofs,
    StatusWriter statuses,
    Transitions transitions,
    Safeguard safeguard,
    Deletion deletion,
    ILister<V1Pod> pods,
    ILister<V1Node> nodes,
    TimeProvider time) : IEntityController<V1Alpha1LocalRegistry>
{
    // Why a node's pod does not start changes without the DaemonSet's status changing.
    private static readonly TimeSpan LookAtNodesAgain = TimeSpan.FromSeconds(10);

    public async Task<ReconciliationResult<V1Alpha1LocalRegistry>> ReconcileAsync(V1Alpha1LocalRegistry registry, CancellationToken cancel)
    {
        if (registry.DeletionTimestamp() is not null)
        {
            return await deletion.RunAsync(registry, cancel);
        }

        var owner = Owner.Of(registry);
        LocalRegistryStatus before = statuses.Last(registry);
        RolloutPlan? last = plans.Last(owner);
        ConfigurationAnswer configuration = ConfigurationCheck.Run(
            registry, options.RegistryImage, PlatformDetection.Of(nodes.All, registry.Spec.Node.NodeSelector, last?.Platform));
        RolloutPlan? candidate = configuration.Candidate?.Plan;
        Proofs proofs = configuration.Candidate is { } valid ? await proving.RunAsync(registry, valid, cancel) : Proofs.None;
        GateDecision decision = Gate.Decide(candidate, proofs.Findings ?? [], registry.Spec.Validation.Mode, last);
        if (decision.Opened)
        {
            // Kept before it is applied: whoever comes after a crash must know what was begun.
            await plans.SaveAsync(owner, decision.Target!, cancel);
        }

        RolloutPlan? applied = decision.Target is { } target ? safeguard.OnNodes(registry, target) : null;
        RolloutObservation observed = await RollOutAsync(registry, owner, applied, before, cancel);
        if (observed.IsComplete)
        {
            await rollout.PruneAsync(owner, new[] { applied, candidate }.OfType<RolloutPlan>(), cancel);
        }

        MirrorAnswer mirrors = await mirrorProofs.RunAsync(registry, decision.Target, before, cancel);
        var unchanged = new ConditionSet(before.Conditions, registry.Generation() ?? 0, time.GetUtcNow());
        ConditionSet conditions = Conditions.Sum(unchanged, configuration.Answer, proofs, registry.Spec.Validation.Mode, decision, observed, mirrors);
        await statuses.WriteAsync(registry, StatusSummary.Of(registry, before, conditions, proofs, decision, observed, mirrors.Proven), cancel);
        // Only now: a status that cannot be written is tried again and again, and each time it would be news.
        await transitions.TellAsync(registry, conditions, cancel);
        return ReconciliationResult<V1Alpha1LocalRegistry>.Success(registry, RequeueAfter(new[] { proofs.Due, mirrors.Due }.Min(), observed));
    }

    public Task<ReconciliationResult<V1Alpha1LocalRegistry>> DeletedAsync(V1Alpha1LocalRegistry registry, CancellationToken cancel)
    {
        // Owner references take the objects with the resource.
        proving.Forget(registry.Uid());
        plans.Forget(registry.Uid());
        statuses.Forget(registry.Uid());
        mirrorProofs.Forget(registry.Uid());
        return Task.FromResult(ReconciliationResult<V1Alpha1LocalRegistry>.Success(registry));
    }

    private async Task<RolloutObservation> RollOutAsync(
        V1Alpha1LocalRegistry registry, Owner owner, RolloutPlan? target, LocalRegistryStatus before, CancellationToken cancel)
    {
        if (target is null)
        {
            return RolloutObservation.OfNothing();
        }

        if (await safeguard.BeforeAsync(registry, target, cancel) is { } taken)
        {
            return RolloutObservation.OfTaken([taken]);
        }

        RolloutResult result = await rollout.ApplyAsync(owner, target, cancel);
        await safeguard.AfterAsync(registry, target, cancel);
        if (result.DaemonSet is not { } daemonSet || result.Taken.Count > 0)
        {
            return RolloutObservation.OfTaken(result.Taken);
        }

        bool wasComplete = before.AppliedGeneration == target.Generation
            && before.Conditions.Any(c => c is { Type: ConditionTypes.Progressing, Reason: Reasons.RolloutComplete });
        return RolloutObservation.Of(daemonSet, pods.List(owner.Namespace).Where(p => OwnerMapper.IsControlledBy(p, daemonSet.Uid())), wasComplete);
    }

    private TimeSpan? RequeueAfter(DateTimeOffset? next, RolloutObservation observed)
    {
        TimeSpan? due = next - time.GetUtcNow();
        bool settled = observed.Nodes is null || (observed.IsComplete && observed.Available.Holds);
        return !settled && !(due < LookAtNodesAgain) ? LookAtNodesAgain : due;
    }
}
