using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Controllers;

/// <summary>Validates, applies, observes and tells; each of these is somebody else's.</summary>
internal sealed class LocalRegistryController(
    OperatorOptions options,
    BucketEncryptionCheck bucketCheck,
    PreflightCheck preflightCheck,
    AppliedPlans plans,
    Rollout rollout,
    StatusWriter statuses,
    Transitions transitions,
    ILister<V1Pod> pods,
    TimeProvider time) : IEntityController<V1Alpha1LocalRegistry>
{
    // Why a node's pod does not start changes without the DaemonSet's status changing.
    private static readonly TimeSpan LookAtNodesAgain = TimeSpan.FromSeconds(10);

    public async Task<ReconciliationResult<V1Alpha1LocalRegistry>> ReconcileAsync(V1Alpha1LocalRegistry registry, CancellationToken cancel)
    {
        if (registry.DeletionTimestamp() is not null)
        {
            // The garbage collector takes the objects; to put one back now would race it.
            return ReconciliationResult<V1Alpha1LocalRegistry>.Success(registry);
        }

        var owner = Owner.Of(registry);
        LocalRegistryStatus before = statuses.Last(registry);
        ConfigurationAnswer configuration = ConfigurationCheck.Run(registry, options.RegistryImage);
        RolloutPlan? candidate = configuration.Candidate?.Plan;
        Proofs proofs = await ProveAsync(registry, owner, configuration.Candidate, cancel);
        GateDecision decision = Gate.Decide(candidate, proofs.Answers, registry.Spec.Validation.Mode, plans.Last(owner));
        if (decision.Opened)
        {
            // Kept before it is applied: whoever comes after a crash must know what was begun.
            await plans.SaveAsync(owner, decision.Target!, cancel);
        }

        RolloutPlan? proving = proofs.Access is { UnderWay: true } ? candidate : null;
        RolloutObservation nodes = await RollOutAsync(owner, decision, proving, before, cancel);
        if (nodes.IsComplete)
        {
            await rollout.PruneAsync(owner, new[] { decision.Target, candidate }.OfType<RolloutPlan>(), cancel);
        }

        ConditionSet conditions = Sum(registry, before, configuration.Answer, proofs, decision, nodes);
        await transitions.TellAsync(registry, conditions, cancel);
        await statuses.WriteAsync(registry, Status(registry, before, conditions, proofs, decision, nodes), cancel);
        return ReconciliationResult<V1Alpha1LocalRegistry>.Success(registry, RequeueAfter(proofs, nodes));
    }

    public Task<ReconciliationResult<V1Alpha1LocalRegistry>> DeletedAsync(V1Alpha1LocalRegistry registry, CancellationToken cancel)
    {
        // Owner references take the objects with the resource.
        bucketCheck.Forget(registry.Uid());
        plans.Forget(registry.Uid());
        statuses.Forget(registry.Uid());
        return Task.FromResult(ReconciliationResult<V1Alpha1LocalRegistry>.Success(registry));
    }

    private async Task<Proofs> ProveAsync(V1Alpha1LocalRegistry registry, Owner owner, Candidate? candidate, CancellationToken cancel)
    {
        if (candidate is null)
        {
            return new Proofs(null, null);
        }

        // First, because what a check finds missing is to be found there.
        if (!await rollout.PublishPoliciesAsync(owner, candidate.Plan, candidate.Driver, principal: null, keyArn: null, cancel))
        {
            await transitions.TellForeignPoliciesAsync(registry, Names.Policies(owner), cancel);
        }

        // Both are always asked, so that all there is to repair is told at once.
        PreflightAnswer access = await preflightCheck.RunAsync(owner, candidate, () => PrepareAsync(registry, owner, candidate.Plan, cancel), cancel);
        BucketAnswer bucket = await bucketCheck.RunAsync(owner.Uid, candidate.Driver, candidate.Interval, cancel);
        return new Proofs(bucket, access);
    }

    private async Task PrepareAsync(V1Alpha1LocalRegistry registry, Owner owner, RolloutPlan plan, CancellationToken cancel)
    {
        if (!await rollout.PrepareAsync(owner, plan, cancel) && plan.Spec.ServiceAccount.Annotations is { Count: > 0 })
        {
            await transitions.TellForeignServiceAccountAsync(registry, Names.ServiceAccount(owner, plan.Spec), cancel);
        }
    }

    private async Task<RolloutObservation> RollOutAsync(
        Owner owner, GateDecision decision, RolloutPlan? proving, LocalRegistryStatus before, CancellationToken cancel)
    {
        if (decision.Target is not { } target)
        {
            return RolloutObservation.OfNothing();
        }

        RolloutResult result = await rollout.ApplyAsync(owner, target, proving, cancel);
        if (result.DaemonSet is not { } daemonSet || result.Taken.Count > 0)
        {
            return RolloutObservation.OfTaken(result.Taken);
        }

        bool wasComplete = before.AppliedGeneration == target.Generation
            && before.Conditions.Any(c => c is { Type: ConditionTypes.Progressing, Reason: Reasons.RolloutComplete });
        return RolloutObservation.Of(daemonSet, pods.List(owner.Namespace).Where(p => OwnerMapper.IsControlledBy(p, daemonSet.Uid())), wasComplete);
    }

    private ConditionSet Sum(
        V1Alpha1LocalRegistry registry,
        LocalRegistryStatus before,
        ConditionAnswer configuration,
        Proofs proofs,
        GateDecision decision,
        RolloutObservation nodes)
    {
        long generation = registry.Generation() ?? 0;
        ConditionAnswer notChecked = ConditionAnswer.Unknown(Reasons.NotChecked, "Not asked while the configuration is not valid.");
        (string Type, ConditionAnswer Answer)[] checks =
        [
            (ConditionTypes.ConfigValid, configuration),
            (ConditionTypes.BucketEncrypted, proofs.Bucket is { } bucket ? Condition(bucket.Answer) : notChecked),
            (ConditionTypes.AccessGranted, proofs.Access is { } access ? Condition(access.Answer) : notChecked),
        ];
        ConditionAnswer ready = ReadySummary.Of(checks, registry.Spec.Validation.Mode, decision, nodes, generation);
        var conditions = new ConditionSet(before.Conditions, generation, time.GetUtcNow());
        foreach ((string type, ConditionAnswer answer) in (ReadOnlySpan<(string, ConditionAnswer)>)[
            .. checks, (ConditionTypes.Available, nodes.Available), (ConditionTypes.Progressing, nodes.Progressing), (ConditionTypes.Ready, ready)])
        {
            conditions.Set(type, answer.Status, answer.Reason, answer.Message);
        }

        return conditions;
    }

    private static ConditionAnswer Condition(CheckAnswer answer) => new(
        answer.Passed ? ConditionStatus.True : answer.Outcome == CheckOutcome.Failed ? ConditionStatus.False : ConditionStatus.Unknown, answer.Reason, answer.Message);

    private static LocalRegistryStatus Status(
        V1Alpha1LocalRegistry registry,
        LocalRegistryStatus before,
        ConditionSet conditions,
        Proofs proofs,
        GateDecision decision,
        RolloutObservation nodes) => new()
        {
            ObservedGeneration = registry.Generation(),
            Conditions = conditions.All,
            Identity = proofs.Access?.Identity ?? before.Identity,
            Bucket = proofs.Bucket?.Bucket ?? before.Bucket,
            Nodes = nodes.Nodes,
            AppliedConfigHash = decision.Target?.ConfigHash,
            AppliedGeneration = decision.Target?.Generation,
            LastValidated = proofs.CheckedAt is { } checkedAt ? ConditionSet.WholeSeconds(checkedAt) : before.LastValidated,
        };

    private TimeSpan? RequeueAfter(Proofs proofs, RolloutObservation nodes)
    {
        TimeSpan? due = proofs.Due - time.GetUtcNow();
        bool settled = nodes.Nodes is null || (nodes.IsComplete && nodes.Available.Holds);
        return !settled && !(due < LookAtNodesAgain) ? LookAtNodesAgain : due;
    }
}
