using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Controllers;

/// <summary>Makes a resource's status of all that was found out about it.</summary>
internal static class StatusSummary
{
    public static LocalRegistryStatus Of(
        V1Alpha1LocalRegistry registry,
        LocalRegistryStatus before,
        ConditionSet conditions,
        Proofs proofs,
        GateDecision decision,
        RolloutObservation nodes,
        int? mirrored) => new()
        {
            ObservedGeneration = registry.Generation(),
            Conditions = conditions.All,
            Checks = proofs.Findings is { } findings ? [.. findings.Select(Describe)] : before.Checks,
            Preflight = Describe(proofs.Preflight) ?? before.Preflight,
            Identity = PreflightReading.Identity(proofs.Preflight?.Report) ?? before.Identity,
            Bucket = Describe(proofs) ?? before.Bucket,
            Nodes = nodes.Nodes is { } counted ? counted with { Mirrored = mirrored } : null,
            AppliedConfigHash = decision.Target?.ConfigHash,
            AppliedGeneration = decision.Target?.Generation,
            LastValidated = proofs.CheckedAt is { } checkedAt ? ConditionSet.WholeSeconds(checkedAt) : before.LastValidated,
        };

    private static CheckStatus Describe(Finding finding) => new()
    {
        Name = finding.Check.Name,
        Severity = finding.Severity,
        Outcome = finding.Answer.Outcome,
        Reason = finding.Answer.Reason,
        Message = finding.Answer.Message,
    };

    private static PreflightStatus? Describe(PreflightAnswer? preflight) => preflight is { Report: { } report, CheckedAt: { } finishedAt }
        ? new PreflightStatus
        {
            Job = preflight.Job,
            FinishedAt = ConditionSet.WholeSeconds(finishedAt),
            Access = report.Access,
            CredentialsFrom = report.Identity?.Source,
            Calls = report.Checks,
        }
        : null;

    private static BucketStatus? Describe(Proofs proofs) => proofs is { Driver: { } driver, Bucket.Facts: { } facts }
        ? new BucketStatus
        {
            Name = driver.Bucket,
            Region = driver.RegionEndpoint is null && facts.Home.Value is { } home ? home.Region : driver.Region,
            Encryption = facts.Encryption switch
            {
                { Value: { } encryption } => encryption.Algorithm,
                { IsAbsent: true } => "None",
                _ => null,
            },
        }
        : null;
}
