using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

public sealed class PreflightScheduleTests
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly string Inputs = PreflightJob.InputsHash(Samples.Owner, Samples.Plan());

    [Fact]
    public void Schedule_without_jobs_is_due_at_once_as_the_first()
    {
        var schedule = new PreflightSchedule([], Inputs);

        Assert.Equal((1, 0, DateTimeOffset.MinValue), (schedule.NextAttempt, schedule.FailuresBefore(true), schedule.NextDue(true, Interval)));
    }

    [Fact]
    public void Schedule_keeps_the_last_answer_while_the_next_one_runs()
    {
        V1Job[] jobs = [Job(1, finished: true), Job(2, finished: true), Job(3, finished: false)];

        var schedule = new PreflightSchedule(jobs, Inputs);

        Assert.Equal((jobs[1], jobs[2], 4), (schedule.LastFinished, schedule.Running, schedule.NextAttempt));
        Assert.Equal([jobs[0]], schedule.Obsolete);
    }

    [Fact]
    public void Schedule_for_other_inputs_counts_on_but_takes_no_answer()
    {
        V1Job[] jobs = [Job(4, finished: true)];

        var schedule = new PreflightSchedule(jobs, "other");

        Assert.Null(schedule.LastFinished);
        Assert.Equal((5, 0), (schedule.NextAttempt, schedule.FailuresBefore(false)));
        Assert.Equal(jobs, schedule.Obsolete);
    }

    [Fact]
    public void NextDue_after_a_pass_is_the_interval_with_the_jitter_of_that_preflight()
    {
        V1Job job = Job(1, finished: true, failures: 3);
        job.Metadata.Uid = "preflight";

        Assert.Equal(Jitter.Due("preflight", Noon, Interval), new PreflightSchedule([job], Inputs).NextDue(true, Interval));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 20)]
    [InlineData(2, 40)]
    [InlineData(3, 60)]
    public void NextDue_after_failures_is_ever_later(int before, int seconds)
    {
        var schedule = new PreflightSchedule([Job(1, finished: true, failures: before)], Inputs);

        Assert.Equal(Noon.AddSeconds(seconds), schedule.NextDue(false, Interval).UtcDateTime);
        Assert.Equal(before + 1, schedule.FailuresBefore(false));
    }

    private static V1Job Job(int attempt, bool finished, int failures = 0)
    {
        V1Job job = PreflightJob.Build(Samples.Owner, Samples.Plan(), attempt, failures, null);
        job.Status = new V1JobStatus
        {
            Conditions = finished ? [new V1JobCondition { Type = "Complete", Status = "True", LastTransitionTime = Noon }] : null,
        };
        return job;
    }
}
