using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration.Check;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

public sealed class PreflightReadingTests
{
    private const string Passed = """{"access":"ReadOnly","identity":{"arn":"arn:aws:sts::1:assumed-role/registry/x","source":"web-identity"},"checks":[{"name":"ListBucket","outcome":"Passed","message":"ok"}]}""";
    private const string Failed = """{"access":"ReadOnly","identity":{"source":"profile"},"checks":[{"name":"ListBucket","outcome":"Failed","action":"s3:ListBucket","resource":"arn:aws:s3:::b","message":"denied; allow it"},{"name":"ReadMissingObject","outcome":"Unknown","message":"not asked"}]}""";
    private const string Undecided = """{"access":"ReadOnly","checks":[{"name":"ListBucket","outcome":"Unknown","message":"no answer"}]}""";

    [Theory]
    [InlineData(Passed, "Passed", Reasons.AccessProven, "As arn:aws:sts::1:assumed-role/registry/x, ReadOnly was proven: ListBucket.")]
    [InlineData(Failed, "Failed", Reasons.PreflightFailed, "With credentials of kind profile: ListBucket (s3:ListBucket on arn:aws:s3:::b): denied; allow it")]
    [InlineData(Undecided, "Unknown", Reasons.PreflightInconclusive, "ListBucket: no answer")]
    [InlineData("Unhandled exception", "Unknown", Reasons.PreflightFailed, "Pod \"pod\" ended with exit code 1 and gave no answer: Unhandled exception")]
    public void Finished_judges_what_the_container_left_behind(string left, string outcome, string reason, string message)
    {
        CheckAnswer answer = PreflightReading.Finished(Job("Failed", "BackoffLimitExceeded"), Ended(left));

        Assert.Equal((outcome, reason, message), (answer.Outcome.ToString(), answer.Reason, answer.Message));
    }

    [Fact]
    public void Finished_with_a_role_of_a_store_that_does_not_say_who_asks_names_the_role()
    {
        string left = Passed.Replace("\"arn\":\"arn:aws:sts::1:assumed-role/registry/x\",", "", StringComparison.Ordinal)
            .Replace("\"web-identity\"", "\"web-identity\",\"role\":\"arn:aws:iam::1:role/registry\"", StringComparison.Ordinal);

        CheckAnswer answer = PreflightReading.Finished(Job("Complete", null), Ended(left));

        Assert.Equal("As arn:aws:iam::1:role/registry, ReadOnly was proven: ListBucket.", answer.Message);
        Assert.Equal("arn:aws:iam::1:role/registry", PreflightReading.Identity(PreflightReading.Report(Job("Complete", null), Ended(left))));
    }

    [Fact]
    public void Finished_without_a_pod_reads_the_report_that_was_kept_on_the_job()
    {
        V1Job job = Job("Complete", null);
        job.Metadata.Annotations = new Dictionary<string, string> { ["localregistry.dev/preflight-report"] = Passed };

        Assert.Equal(Reasons.AccessProven, PreflightReading.Finished(job, null).Reason);
        Assert.Equal("arn:aws:sts::1:assumed-role/registry/x", PreflightReading.Identity(PreflightReading.Report(job, null)));
    }

    [Fact]
    public void Finished_without_pod_or_report_is_not_known() =>
        Assert.Equal((CheckOutcome.Unknown, Reasons.PreflightFailed), Short(PreflightReading.Finished(Job("Failed", "BackoffLimitExceeded"), null)));

    [Fact]
    public void Finished_by_its_deadline_says_what_the_pod_waited_for()
    {
        CheckAnswer answer = PreflightReading.Finished(Job("Failed", "DeadlineExceeded"), Waiting("ImagePullBackOff", "Back-off pulling image"));

        Assert.Equal((CheckOutcome.Unknown, Reasons.PreflightTimedOut), Short(answer));
        Assert.Contains("ImagePullBackOff: Back-off pulling image", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finished_by_its_deadline_without_its_pod_says_what_was_seen_of_it()
    {
        V1Job job = Job("Failed", "DeadlineExceeded");
        job.Metadata.Annotations = new Dictionary<string, string> { ["localregistry.dev/preflight-seen"] = "Pod \"p\" cannot start: Unschedulable" };

        Assert.Contains("; seen last: Pod \"p\" cannot start: Unschedulable. It is", PreflightReading.Finished(job, null).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Running_says_why_the_pod_does_not_start()
    {
        Check(null, [], Reasons.PreflightPending, "has not started its pod");
        Check(null, [Warning("FailedCreate", "exceeded quota")], Reasons.PreflightCannotStart, "exceeded quota");
        Check(Waiting("ContainerCreating", null), [], Reasons.PreflightPending, "is starting");
        Check(Waiting("ContainerCreating", null), [Warning("MissingClusterDNS", "no DNS")], Reasons.PreflightPending, "is starting");
        Check(Waiting("ContainerCreating", null), [Warning("FailedMount", "secret \"s\" not found")], Reasons.PreflightCannotStart, "secret \"s\" not found");
        Check(Waiting("ErrImagePull", "not found"), [], Reasons.PreflightCannotStart, "ErrImagePull: not found");
        Check(Unscheduled(), [], Reasons.PreflightCannotStart, "0/2 nodes are available");
        Check(Samples.Parse<V1Pod>("{metadata: {name: pod}, spec: {nodeName: n, containers: []}, status: {phase: Running}}"), [], Reasons.PreflightRunning, "on node n");

        static void Check(V1Pod? pod, Corev1Event[] warnings, string reason, string told)
        {
            CheckAnswer answer = PreflightReading.Running(Job(null, null), pod, warnings);
            Assert.Equal((CheckOutcome.Unknown, reason), Short(answer));
            Assert.Contains(told, answer.Message, StringComparison.Ordinal);
        }
    }

    private static (CheckOutcome Outcome, string Reason) Short(CheckAnswer answer) => (answer.Outcome, answer.Reason);

    private static V1Job Job(string? condition, string? reason) => new()
    {
        Metadata = new V1ObjectMeta { Name = "job" },
        Spec = new V1JobSpec { ActiveDeadlineSeconds = 120 },
        Status = new V1JobStatus
        {
            Conditions = condition is null ? null : [new V1JobCondition { Type = condition, Status = "True", Reason = reason, LastTransitionTime = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) }],
        },
    };

    private static V1Pod Ended(string message) => Pod(new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 1, Message = message } });

    private static V1Pod Waiting(string reason, string? message) => Pod(new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } });

    private static V1Pod Pod(V1ContainerState state) => new()
    {
        Metadata = new V1ObjectMeta { Name = "pod" },
        Spec = new V1PodSpec { NodeName = "node" },
        Status = new V1PodStatus { Phase = state.Terminated is null ? "Pending" : "Failed", ContainerStatuses = [new V1ContainerStatus { Name = "registry", State = state }] },
    };

    private static V1Pod Unscheduled() =>
        Samples.Parse<V1Pod>("{metadata: {name: pod}, spec: {containers: []}, status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/2 nodes are available}]}}");

    private static Corev1Event Warning(string reason, string message) => new() { Reason = reason, Message = message };
}
