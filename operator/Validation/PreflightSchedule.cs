using System.Globalization;
using k8s.Models;
using LocalRegistry.Operator.Manifests;

namespace LocalRegistry.Operator.Validation;

/// <summary>
/// The preflights of one resource for one set of inputs, read from its Jobs alone, so that any operator comes to the same conclusion. The last
/// one that ended keeps giving the answer until the next one has ended.
/// </summary>
internal sealed class PreflightSchedule
{
    public PreflightSchedule(IEnumerable<V1Job> jobs, string inputs)
    {
        V1Job[] all = [.. jobs.Where(j => j.GetLabel(Labels.Component) == Labels.PreflightComponent).OrderBy(Attempt)];
        V1Job[] mine = [.. all.Where(j => j.GetLabel(Labels.PreflightInputs) == inputs)];
        LastFinished = mine.LastOrDefault(j => PreflightReading.FinishedAt(j) is not null);
        Running = mine.LastOrDefault(j => PreflightReading.FinishedAt(j) is null && j.DeletionTimestamp() is null);
        Obsolete = [.. all.Where(j => j != LastFinished && j != Running)];
        NextAttempt = all.Length == 0 ? 1 : Attempt(all[^1]) + 1;
    }

    /// <summary>The preflight whose answer counts; null if none has ended.</summary>
    public V1Job? LastFinished { get; }

    /// <summary>The preflight that is under way; null if none is.</summary>
    public V1Job? Running { get; }

    /// <summary>Jobs that nobody needs any more.</summary>
    public IReadOnlyList<V1Job> Obsolete { get; }

    /// <summary>The number of the next preflight.</summary>
    public int NextAttempt { get; }

    /// <summary>How many preflights in a row will not have passed when the next one starts.</summary>
    public int FailuresBefore(bool lastPassed) => LastFinished is null || lastPassed ? 0 : Failures(LastFinished) + 1;

    /// <summary>When the next preflight is due, after the last one that ended.</summary>
    public DateTimeOffset NextDue(bool lastPassed, TimeSpan interval)
    {
        if (LastFinished is null)
        {
            return DateTimeOffset.MinValue;
        }

        var last = new DateTimeOffset(PreflightReading.FinishedAt(LastFinished)!.Value, TimeSpan.Zero);
        return Repetition.Due(LastFinished.Uid() ?? "", last, interval, FailuresBefore(lastPassed));
    }

    private static int Attempt(V1Job job) => Number(job.GetLabel(Labels.PreflightAttempt));

    private static int Failures(V1Job job) => Number(job.GetAnnotation(Labels.PreflightFailures));

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
