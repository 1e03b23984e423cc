using System.Collections.Concurrent;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Controllers;

/// <summary>Tells of conditions that turned, by one Event each.</summary>
internal sealed class Transitions(EventRecorder events, TimeProvider time)
{
    // As long as an API server keeps Events, if it is not told otherwise.
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    // Steps on the way to an answer; the answer itself is told.
    private static readonly HashSet<string> Quiet =
    [
        Reasons.PreflightPending, Reasons.PreflightRunning, Reasons.NotChecked, Reasons.NothingRolledOut, Reasons.WaitingForValidation, Reasons.ConfigurationAccepted, Reasons.ChecksOff,
        Reasons.NoMirrors, Reasons.ProvingMirrors,
    ];

    private readonly ConcurrentDictionary<string, DateTimeOffset> _told = new();

    public async Task TellAsync(V1Alpha1LocalRegistry registry, ConditionSet conditions, CancellationToken cancel)
    {
        foreach (Condition condition in conditions.All.Where(c => IsTold(c, conditions.Before(c.Type))))
        {
            if (IsGood(condition))
            {
                await events.NormalAsync(registry, condition.Type, condition.Reason, condition.Message, cancel);
            }
            else
            {
                await events.WarningAsync(registry, condition.Type, condition.Reason, condition.Message, cancel);
            }
        }
    }

    /// <summary>Tells that a node, which pulled through its registry before, does not any more.</summary>
    public Task TellNodeAsync(V1Alpha1LocalRegistry registry, string node, string reason, string message, CancellationToken cancel) =>
        events.WarningAsync(registry, $"{ConditionTypes.MirrorConfigured}/{node}", reason, $"Node {node} does not pull through its registry any more: {message}", cancel);

    /// <summary>Tells that annotations cannot be set on a ServiceAccount, because it is not the operator's.</summary>
    public Task TellForeignServiceAccountAsync(V1Alpha1LocalRegistry registry, string name, CancellationToken cancel) => TellWhileItLastsAsync(
        registry,
        "ServiceAccountNotOwned",
        $"ServiceAccount \"{name}\" exists and is not this resource's, so spec.serviceAccount.annotations are not set on it. "
        + "Annotate it where it is made, or delete it, or name another in spec.serviceAccount.name.",
        cancel);

    /// <summary>Tells that the policies are not written down, because another ConfigMap has the name.</summary>
    public Task TellForeignPoliciesAsync(V1Alpha1LocalRegistry registry, string name, CancellationToken cancel) => TellWhileItLastsAsync(
        registry,
        "PoliciesNotWritten",
        $"ConfigMap \"{name}\" exists and is not this resource's, so the policies that the bucket and the registry need are not in it. "
        + "Delete it, or give one of the two another name; \"operator policies\" prints them too.",
        cancel);

    // What is no condition has no turn. It is found again by every reconciliation, and told again when the Event before is forgotten.
    private Task TellWhileItLastsAsync(V1Alpha1LocalRegistry registry, string reason, string message, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (KeyValuePair<string, DateTimeOffset> old in _told.Where(t => now - t.Value >= Kept))
        {
            _told.TryRemove(old);
        }

        return _told.TryAdd($"{registry.Uid()}\n{reason}\n{message}", now)
            ? events.WarningAsync(registry, reason, reason, message, cancel)
            : Task.CompletedTask;
    }

    private static bool IsTold(Condition condition, Condition? before)
    {
        bool turned = before is null || before.Status != condition.Status || before.Reason != condition.Reason;
        return turned && condition.Type switch
        {
            // The others say it already.
            ConditionTypes.Ready => false,
            // While a first rollout goes on, nodes that do not serve yet are no news.
            ConditionTypes.Available => condition.Status == ConditionStatus.True || (condition.Status == ConditionStatus.False && before?.Status == ConditionStatus.True),
            _ => !Quiet.Contains(condition.Reason),
        };
    }

    private static bool IsGood(Condition condition) => condition.Type == ConditionTypes.Progressing
        ? condition.Reason != Reasons.NameTaken
        : condition.Status == ConditionStatus.True && condition.Reason != Reasons.PassedWithWarnings;
}
