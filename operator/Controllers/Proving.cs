using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Access;
using LocalRegistry.Operator.Validation.Bucket;

namespace LocalRegistry.Operator.Controllers;

/// <summary>Has bucket and access checked, each when it is due.</summary>
internal sealed class Proving(
    BucketValidation bucketValidation,
    AccessValidation accessValidation,
    PreflightCheck preflightCheck,
    AppliedPlans plans,
    Rollout rollout,
    Transitions transitions)
{
    /// <param name="registry">The resource.</param>
    /// <param name="candidate">What would be rolled out.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Proofs> RunAsync(V1Alpha1LocalRegistry registry, Candidate candidate, CancellationToken cancel)
    {
        var owner = Owner.Of(registry);
        var context = new CheckContext(owner, registry.Spec, candidate.Driver);
        // All are always asked, so that all there is to repair is told at once.
        Severity liveProof = Severities.Of(PreflightAnswer.Check, registry.Spec);
        RolloutPlan? serving = plans.Last(owner);
        PreflightAnswer? preflight = liveProof == Severity.Off
            ? null
            : await preflightCheck.RunAsync(owner, candidate, serving, () => PrepareAsync(registry, owner, candidate.Plan, serving, cancel), cancel);
        BucketAnswer bucket = await bucketValidation.RunAsync(context, candidate.Interval, cancel);
        AccessAnswer access = await accessValidation.RunAsync(context, preflight?.Report, bucket.Facts, candidate.Interval, cancel);
        // Also when checks fail: what they find missing is to be found there.
        // Where the operator may not even ask for the role, it is named by a wildcard: only the role itself tells its path.
        string? principal = access.Facts.Principal?.Value?.Arn ?? AskedIdentity.Of(registry.Spec, preflight?.Report).Role ?? access.Facts.Principal?.Failure?.Resource;
        if (!await rollout.PublishPoliciesAsync(owner, candidate.Plan, candidate.Driver, principal, bucket.Facts?.KeyArn, cancel))
        {
            await transitions.TellForeignPoliciesAsync(registry, Names.Policies(owner), cancel);
        }

        IEnumerable<Finding> proof = preflight is null ? [] : [new Finding(PreflightAnswer.Check, liveProof, preflight.Answer)];

        // What was not asked has no age; a preflight that has not ended yet makes the whole unknown.
        bool isProven = preflight is null or { CheckedAt: not null };
        DateTimeOffset?[] checkedAt = [bucket.CheckedAt, access.CheckedAt, preflight?.CheckedAt];
        DateTimeOffset[] due = [bucket.Due, access.Due, preflight?.Due ?? DateTimeOffset.MaxValue];
        return new Proofs
        {
            // The real calls first: who the registry is, and what it may do, is told by them or explains them.
            Findings = [.. bucket.Findings, .. proof, .. access.Findings],
            Driver = candidate.Driver,
            Bucket = bucket,
            Preflight = preflight,
            CheckedAt = isProven ? checkedAt.Min() : null,
            Due = due.Min() is var next && next < DateTimeOffset.MaxValue ? next : null,
        };
    }

    /// <summary>Forgets a resource that is gone.</summary>
    public void Forget(string uid)
    {
        bucketValidation.Forget(uid);
        accessValidation.Forget(uid);
    }

    private async Task PrepareAsync(V1Alpha1LocalRegistry registry, Owner owner, RolloutPlan plan, RolloutPlan? serving, CancellationToken cancel)
    {
        if (!await rollout.PrepareAsync(owner, plan, serving, cancel) && plan.Spec.ServiceAccount.Annotations is { Count: > 0 })
        {
            await transitions.TellForeignServiceAccountAsync(registry, Names.ServiceAccount(owner, plan.Spec), cancel);
        }
    }
}
