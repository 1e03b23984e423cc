using System.Collections.Concurrent;
using k8s.Models;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>Finds out why node-configuration pods do not start.</summary>
internal sealed class NodeConfigTrouble(KubernetesApi api, ILister<V1Pod> pods, TimeProvider time)
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    // Listing Events is dear for the API server, and what is in the way is seldom gone within seconds.
    private static readonly TimeSpan AskedAgain = TimeSpan.FromMinutes(2);

    // As many as are told in the end; each costs a call.
    private const int MostAsked = 3;

    // By resource and by what was asked about. One resource is never reconciled twice at once.
    private readonly ConcurrentDictionary<string, Dictionary<string, Answer>> _answers = new();

    /// <param name="owner">The uid of the resource.</param>
    /// <param name="daemonSet">Its DaemonSet of these pods.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The reasons, with their nodes; empty if all pods start.</returns>
    public async Task<IReadOnlyList<string>> OfAsync(string owner, V1DaemonSet daemonSet, CancellationToken cancel)
    {
        V1Pod[] mine = [.. pods.List(daemonSet.Namespace()).Where(p => OwnerMapper.IsControlledBy(p, daemonSet.Uid()))];
        Dictionary<string, Answer> answers = _answers.GetOrAdd(owner, _ => []);
        HashSet<string> there = [daemonSet.Uid(), .. mine.Select(p => p.Uid())];
        foreach (string gone in answers.Keys.Where(uid => !there.Contains(uid)).ToArray())
        {
            answers.Remove(gone);
        }

        if (mine.Length == 0 && daemonSet.Status?.DesiredNumberScheduled > 0)
        {
            // Pods that admission refuses are told of by the DaemonSet's Events alone.
            return await WarningAsync(answers, daemonSet.Namespace(), daemonSet.Uid(), cancel) is { } refused ? [refused] : [];
        }

        V1Pod[] stopped = [.. mine.Where(p => p.DeletionTimestamp() is null && PodTimes.Running(p) is null).OrderBy(p => p.Spec?.NodeName, StringComparer.Ordinal)];
        var trouble = stopped.Where(p => !IsStarting(p)).Select(p => RolloutObservation.Explain(p, NodeConfigPod.ContainerName)).OfType<string>().ToList();
        DateTimeOffset late = time.GetUtcNow() - StartsWithin;
        foreach (V1Pod pod in stopped.Where(p => IsStarting(p) && PodTimes.Created(p) <= late).Take(MostAsked))
        {
            // A folder that cannot be mounted, for example.
            if (await WarningAsync(answers, pod.Namespace(), pod.Uid(), cancel) is { } warning)
            {
                trouble.Add($"{pod.Spec.NodeName}: {warning.TrimEnd('.')}");
            }
        }

        return trouble;
    }

    /// <summary>Forgets a resource that is gone, or has no such pods any more.</summary>
    public void Forget(string owner) => _answers.TryRemove(owner, out _);

    private static bool IsStarting(V1Pod pod) =>
        pod.Status?.ContainerStatuses?.FirstOrDefault()?.State is null or { Waiting.Reason: "ContainerCreating" or "PodInitializing" }
        && pod.Status?.Conditions?.Any(c => c is { Type: "PodScheduled", Status: "False" }) != true;

    // The condition does without, if it may not be read.
    private async Task<string?> WarningAsync(Dictionary<string, Answer> answers, string space, string uid, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (answers.TryGetValue(uid, out Answer last) && now - last.At < AskedAgain)
        {
            return last.Warning;
        }

        string? newest = null;
        await new Attempts().TryAsync(async () => newest = (await api.ListWarningsAsync(space, uid, cancel))
            .Where(w => w.Reason?.StartsWith("Failed", StringComparison.Ordinal) == true)
            .MaxBy(w => w.LastTimestamp ?? w.EventTime)?.Message?.Trim());
        string? warning = string.IsNullOrEmpty(newest) ? null : newest;
        answers[uid] = new Answer(now, warning);
        return warning;
    }

    private readonly record struct Answer(DateTimeOffset At, string? Warning);
}
