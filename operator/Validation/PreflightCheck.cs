using System.Globalization;
using System.Net;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation;

/// <summary>Proves the registry's access by a Job that is the registry in all but serving, and reads its answer.</summary>
internal sealed partial class PreflightCheck(
    KubernetesApi api, ILister<V1Job> jobs, ILister<V1Pod> pods, TimeProvider time, ILogger<PreflightCheck> logger)
{
    // What keeps a pod from starting is often told by Events only, which are not watched.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RefusedAgain = TimeSpan.FromSeconds(30);

    // What the cluster may be late in ending a Job at its deadline.
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(10);

    /// <param name="owner">The resource.</param>
    /// <param name="candidate">What would be rolled out.</param>
    /// <param name="serving">The plan that serves; null if none does.</param>
    /// <param name="prepare">Makes what the Job's pod needs: ServiceAccount and ConfigMap.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<PreflightAnswer> RunAsync(
        Owner owner, Candidate candidate, RolloutPlan? serving, Func<Task> prepare, CancellationToken cancel)
    {
        string inputs = PreflightJob.InputsHash(owner, candidate.Plan);
        var schedule = new PreflightSchedule(jobs.List(owner.Namespace).Where(j => OwnerMapper.IsControlledBy(j, owner.Uid)), inputs);
        foreach (V1Job obsolete in schedule.Obsolete)
        {
            await api.DeleteAsync(obsolete, cancel);
        }

        PreflightAnswer? last = schedule.LastFinished is { } finished ? await ReadFinishedAsync(finished, schedule, candidate.Interval, cancel) : null;
        DateTimeOffset now = time.GetUtcNow();
        V1Job? running = schedule.Running;
        if (running is null && (last is null || now >= last.Due))
        {
            running = PreflightJob.Build(owner, candidate.Plan, schedule.NextAttempt, schedule.FailuresBefore(last?.Answer.Passed ?? true), serving);
            try
            {
                await prepare();
                if (await api.CreateAsync(running, cancel) is { } created)
                {
                    running = created;
                    Log.Started(logger, running.Name());
                }
            }
            catch (KubernetesException e) when (e.Status is not null)
            {
                // A quota, an admission webhook that says no or does not answer: what serves must not wait for whoever set that up.
                return new PreflightAnswer(
                    CheckAnswer.Unknown(Reasons.PreflightCannotStart, $"The API server refuses Job \"{running.Name()}\" or what it needs: {e.Status.Message}"),
                    last?.Report, running.Name(), last?.CheckedAt, now + RefusedAgain, UnderWay: false);
            }
        }

        if (running is null)
        {
            return last!;
        }

        CheckAnswer answer = await LookAtAsync(running, cancel);
        await RemindOfDeadlineAsync(running, now, cancel);
        return last is null
            ? new PreflightAnswer(answer, null, running.Name(), null, now + LookAgain, UnderWay: true)
            : last with { Due = now + LookAgain, UnderWay = true };
    }

    private async Task<CheckAnswer> LookAtAsync(V1Job job, CancellationToken cancel)
    {
        V1Pod? pod = PodOf(job);
        CheckAnswer answer = PreflightReading.Running(job, pod, await WarningsAsync(job, pod, cancel));
        string? seen = job.GetAnnotation(Labels.PreflightSeen);
        bool isTold = answer.Reason == Reasons.PreflightCannotStart || (answer.Reason == Reasons.PreflightRunning && seen is not null);
        if (isTold && seen != answer.Message)
        {
            var annotations = new Dictionary<string, string> { [Labels.PreflightSeen] = answer.Message };
            await api.MergeAsync<V1Job>(ResourceKey.Of(job), new { metadata = new { annotations } }, cancel);
        }

        return answer;
    }

    // Kubernetes' Job controller looks at a deadline once. If its first note of the Job met another writer's, that look comes too early and
    // is the last one: any change of the Job makes it look again.
    private async Task RemindOfDeadlineAsync(V1Job job, DateTimeOffset now, CancellationToken cancel)
    {
        if (job.Status?.StartTime is { } started && job.Spec.ActiveDeadlineSeconds is { } seconds
            && now > new DateTimeOffset(started, TimeSpan.Zero) + TimeSpan.FromSeconds(seconds) + Lateness)
        {
            var annotations = new Dictionary<string, string> { [Labels.PreflightOverdue] = now.ToString("O", CultureInfo.InvariantCulture) };
            await api.MergeAsync<V1Job>(ResourceKey.Of(job), new { metadata = new { annotations } }, cancel);
            Log.Overdue(logger, job.Name(), seconds);
        }
    }

    private async Task<PreflightAnswer> ReadFinishedAsync(V1Job job, PreflightSchedule schedule, TimeSpan interval, CancellationToken cancel)
    {
        V1Pod? pod = PodOf(job);
        CheckReport? report = PreflightReading.Report(job, pod);
        if (report is null)
        {
            // The Job may be heard of before its pod.
            ResourcePage<V1Pod> page = await api.ListAsync<V1Pod>(job.Namespace(), $"job-name={job.Name()}", 1, null, cancel);
            pod = page.Items is [var only, ..] ? only : null;
            report = PreflightReading.Report(job, pod);
        }

        if (report is not null && job.GetAnnotation(Labels.PreflightReport) is null)
        {
            // The pod goes with its node; the answer should not.
            var annotations = new Dictionary<string, string> { [Labels.PreflightReport] = report.ToJson() };
            await api.MergeAsync<V1Job>(ResourceKey.Of(job), new { metadata = new { annotations } }, cancel);
        }

        CheckAnswer answer = PreflightReading.Finished(job, pod);
        var finishedAt = new DateTimeOffset(PreflightReading.FinishedAt(job)!.Value, TimeSpan.Zero);
        return new PreflightAnswer(answer, report, job.Name(), finishedAt, schedule.NextDue(answer.Passed, interval), UnderWay: false);
    }

    private V1Pod? PodOf(V1Job job) => pods.List(job.Namespace())
        .Where(p => OwnerMapper.IsControlledBy(p, job.Uid() ?? ""))
        .MaxBy(p => p.CreationTimestamp());

    private async Task<IReadOnlyList<Corev1Event>> WarningsAsync(V1Job job, V1Pod? pod, CancellationToken cancel)
    {
        if ((pod?.Uid() ?? job.Uid()) is not { } uid || pod?.Status?.Phase == "Running")
        {
            return [];
        }

        try
        {
            return await api.ListWarningsAsync(job.Namespace(), uid, cancel);
        }
        catch (KubernetesException e) when (e.Status?.Code == (int)HttpStatusCode.Forbidden)
        {
            Log.EventsForbidden(logger, e.Status.Message);
            return [];
        }
    }
}
