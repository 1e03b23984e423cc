using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation;

/// <summary>Reads a preflight's answer from its Job and pod.</summary>
internal static class PreflightReading
{
    /// <summary>When the Job ended; null while it has not.</summary>
    public static DateTime? FinishedAt(V1Job job) =>
        Ending(job) is { } ending ? ending.LastTransitionTime ?? job.Status.CompletionTime ?? job.CreationTimestamp() : null;

    /// <summary>The report that a container left behind; null if it left none.</summary>
    public static CheckReport? Report(V1Job job, V1Pod? pod) =>
        CheckReport.TryParse(job.GetAnnotation(Labels.PreflightReport) ?? Terminated(pod)?.Message ?? "");

    /// <summary>What a Job that has ended says.</summary>
    public static CheckAnswer Finished(V1Job job, V1Pod? pod)
    {
        if (Report(job, pod) is { } report)
        {
            return Judge(report);
        }

        if (Ending(job) is { Reason: "DeadlineExceeded" })
        {
            string seen = job.GetAnnotation(Labels.PreflightSeen) ?? (pod is null ? null : Waiting(pod)) ?? "its pod is gone";
            return CheckAnswer.Unknown(
                Reasons.PreflightTimedOut,
                $"Job \"{job.Name()}\" did not end within {job.Spec.ActiveDeadlineSeconds} s; seen last: {Text(seen)}. It is tried again by itself.");
        }

        if (Terminated(pod) is { } end)
        {
            return CheckAnswer.Unknown(
                Reasons.PreflightFailed,
                $"Pod \"{pod!.Name()}\" ended with exit code {end.ExitCode} and gave no answer: {Text(end.Message ?? end.Reason)}");
        }

        string why = pod?.Status?.Reason is { } reason ? $"its pod was ended ({reason}): {Text(pod.Status.Message)}" : "its pod is gone";
        return CheckAnswer.Unknown(Reasons.PreflightFailed, $"Job \"{job.Name()}\" gave no answer: {why}. It is tried again by itself.");
    }

    /// <summary>What a Job that has not ended says.</summary>
    /// <param name="job">The Job.</param>
    /// <param name="pod">Its pod; null if there is none yet.</param>
    /// <param name="warnings">What the cluster recorded about the pod or, while there is none, the Job.</param>
    public static CheckAnswer Running(V1Job job, V1Pod? pod, IReadOnlyList<Corev1Event> warnings)
    {
        // FailedMount, FailedCreate and the like; other warnings keep no pod from starting.
        string? warning = warnings.Where(w => w.Reason?.StartsWith("Failed", StringComparison.Ordinal) == true)
            .MaxBy(w => w.LastTimestamp ?? w.EventTime)?.Message?.Trim();
        if (pod is null)
        {
            return warning is null
                ? CheckAnswer.Unknown(Reasons.PreflightPending, $"Job \"{job.Name()}\" has not started its pod yet.")
                : CheckAnswer.Unknown(Reasons.PreflightCannotStart, $"Job \"{job.Name()}\" cannot start its pod: {warning}");
        }

        if (pod.Status?.Phase == "Running" || Terminated(pod) is not null)
        {
            return CheckAnswer.Unknown(Reasons.PreflightRunning, $"Pod \"{pod.Name()}\" is trying the registry's access on node {pod.Spec.NodeName}.");
        }

        string? waiting = Waiting(pod) ?? warning;
        return waiting is null
            ? CheckAnswer.Unknown(Reasons.PreflightPending, $"Pod \"{pod.Name()}\" is starting.")
            : CheckAnswer.Unknown(Reasons.PreflightCannotStart, $"Pod \"{pod.Name()}\" cannot start: {waiting}");
    }

    /// <summary>Who the registry is to the store.</summary>
    public static string? Identity(CheckReport? report) => report?.Identity is { } identity ? identity.Arn ?? RoleOf(identity) ?? identity.Source : null;

    private static CheckAnswer Judge(CheckReport report)
    {
        string who = report.Identity is not { } identity ? ""
            : (identity.Arn ?? RoleOf(identity)) is { } name ? $"As {name}"
            : $"With credentials of kind {identity.Source}";
        if (report.Passed)
        {
            string made = string.Join(", ", report.Checks.Where(c => c.Outcome == CheckOutcome.Passed).Select(c => c.Name));
            return CheckAnswer.Pass(Reasons.AccessProven, $"{(who.Length == 0 ? "" : $"{who}, ")}{report.Access} was proven: {made}.");
        }

        CheckResult[] failed = [.. report.Checks.Where(c => c.Outcome == CheckOutcome.Failed)];
        return failed.Length > 0
            ? CheckAnswer.Fail(Reasons.PreflightFailed, $"{Colon(who)}{string.Join("; ", failed.Select(Describe))}")
            : CheckAnswer.Unknown(
                Reasons.PreflightInconclusive,
                $"{Colon(who)}{string.Join("; ", report.Checks.Where(c => c.Outcome == CheckOutcome.Unknown).Select(Describe))}");
    }

    private static string Colon(string who) => who.Length == 0 ? "" : $"{who}: ";

    // A store without sts:GetCallerIdentity does not say who the registry is, but the role that it gave it says as much.
    private static string? RoleOf(CheckIdentity identity) => identity.Source == CheckIdentity.WebIdentitySource ? identity.Role : null;

    private static string Describe(CheckResult check)
    {
        string what = (check.Action, check.Resource) switch
        {
            ({ } action, { } resource) => $" ({action} on {resource})",
            ({ } action, null) => $" ({action})",
            _ => "",
        };
        return $"{check.Name}{what}: {check.Message}";
    }

    private static V1JobCondition? Ending(V1Job job) => job.Status?.Conditions?.FirstOrDefault(c => c is { Type: "Complete" or "Failed", Status: "True" });

    private static V1ContainerStateTerminated? Terminated(V1Pod? pod) => pod?.Status?.ContainerStatuses?.FirstOrDefault()?.State?.Terminated;

    // Why a pod does not start; null while it is only on its way.
    private static string? Waiting(V1Pod pod)
    {
        if (pod.Status?.ContainerStatuses?.FirstOrDefault()?.State?.Waiting is { Reason: { } reason and not ("ContainerCreating" or "PodInitializing") } waiting)
        {
            return waiting.Message is null ? reason : $"{reason}: {Text(waiting.Message)}";
        }

        return pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" }) is { } unscheduled
            ? $"{unscheduled.Reason}: {Text(unscheduled.Message)}"
            : null;
    }

    private static string Text(string? message) => string.IsNullOrWhiteSpace(message) ? "no reason given" : message.Trim().TrimEnd('.');
}
