using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Operator.Validation;
using Xunit;

namespace LocalRegistry.Operator.Tests.Controllers;

public sealed class ReadySummaryTests
{
    private const string Complete = """
        metadata: {generation: 1}
        status: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2, numberMisscheduled: 0, updatedNumberScheduled: 2, numberReady: 2, numberAvailable: 2}
        """;

    private static readonly ConditionAnswer Good = ConditionAnswer.True("Good", "fine");
    private static readonly ConditionAnswer Bad = ConditionAnswer.False("Bad", "it is bad");
    private static readonly ConditionAnswer Unsure = ConditionAnswer.Unknown("Unsure", "who knows");

    private static readonly RolloutPlan Plan = Samples.Plan();
    private static readonly GateDecision Current = new(Plan, IsCurrent: true, Opened: true);
    private static readonly GateDecision Older = new(Plan with { Generation = 2 }, IsCurrent: false, Opened: false);
    private static readonly GateDecision Nothing = new(null, IsCurrent: false, Opened: false);

    [Fact]
    public void Of_all_that_holds_is_true() => Check(ConditionStatus.True, Reasons.AllChecksPassed, "Generation 3 is proven and serves on 2 nodes.", Good, Good, Current);

    [Fact]
    public void Of_a_failed_check_before_anything_is_rolled_out_says_that_nothing_is() =>
        Check(ConditionStatus.False, "Bad", "BucketEncrypted: it is bad. Nothing is rolled out until this passes.", Bad, Good, Nothing);

    [Fact]
    public void Of_a_failed_check_of_a_newer_generation_says_which_one_serves() =>
        Check(ConditionStatus.False, "Bad", "AccessGranted: it is bad. The nodes keep serving generation 2.", Good, Bad, Older);

    [Fact]
    public void Of_several_takes_the_reason_of_the_one_that_failed_and_tells_them_all() => Check(
        ConditionStatus.False, "Bad", "BucketEncrypted: who knows. AccessGranted: it is bad. The nodes keep serving generation 2.", Unsure, Bad, Older);

    [Fact]
    public void Of_an_unknown_check_is_unknown_only_while_the_current_generation_serves()
    {
        Check(ConditionStatus.Unknown, "Unsure", "BucketEncrypted: who knows. The nodes go on serving.", Unsure, Good, Current);
        Check(ConditionStatus.False, "Unsure", "BucketEncrypted: who knows. Nothing is rolled out until this passes.", Unsure, Good, Nothing);
    }

    [Fact]
    public void Of_a_failed_check_that_only_warns_is_true_and_tells_it() => Check(
        ConditionStatus.True, Reasons.ServingWithWarnings, "Generation 3 serves on 2 nodes, but BucketEncrypted: it is bad.", Bad, Good, Current, ValidationMode.Warn);

    [Fact]
    public void Of_checks_that_passed_with_warnings_is_true_and_tells_them() => Check(
        ConditionStatus.True,
        Reasons.ServingWithWarnings,
        "Generation 3 serves on 2 nodes. Warnings are told by BucketEncrypted.",
        ConditionAnswer.True(Reasons.PassedWithWarnings, "it could be better"),
        Good,
        Current);

    [Fact]
    public void Of_a_condition_whose_checks_are_off_is_as_without_it() => Check(
        ConditionStatus.True, Reasons.AllChecksPassed, "Generation 3 is proven and serves on 2 nodes.", ConditionAnswer.Unknown(Reasons.ChecksOff, "off"), Good, Current);

    [Fact]
    public void Of_nodes_that_do_not_pull_through_their_registry_is_false() =>
        Check(ConditionStatus.False, "Bad", "MirrorConfigured: it is bad. The nodes go on serving.", Good, Good, Current, mirrors: Bad);

    [Fact]
    public void Of_few_nodes_that_do_not_pull_through_their_registry_is_true_and_tells_it() => Check(
        ConditionStatus.True,
        Reasons.ServingWithWarnings,
        "Generation 3 serves on 2 nodes, but MirrorConfigured: it is bad.",
        Good,
        Good,
        Current,
        mirrors: Bad,
        tolerable: true);

    [Fact]
    public void Of_nodes_that_are_being_proven_is_unknown() =>
        Check(ConditionStatus.Unknown, "Unsure", "MirrorConfigured: who knows. The nodes go on serving.", Good, Good, Current, mirrors: Unsure);

    [Fact]
    public void Of_nodes_that_do_not_pull_through_their_registry_is_true_and_tells_it_where_checks_only_warn()
    {
        Check(
            ConditionStatus.True, Reasons.ServingWithWarnings, "Generation 3 serves on 2 nodes, but MirrorConfigured: it is bad.", Good, Good, Current, ValidationMode.Warn, Bad);
        Check(
            ConditionStatus.True,
            Reasons.ServingWithWarnings,
            "Generation 3 serves on 2 nodes, but BucketEncrypted: who knows. MirrorConfigured: it is bad.",
            Unsure,
            Good,
            Current,
            ValidationMode.Warn,
            Bad);
    }

    [Fact]
    public void Of_a_failed_check_tells_that_and_not_what_the_nodes_pull() => Check(
        ConditionStatus.False, "Bad", "BucketEncrypted: it is bad. Nothing is rolled out until this passes.", Bad, Good, Nothing, mirrors: Unsure);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_a_rollout_under_way_is_false(bool pullsThrough)
    {
        var rollout = RolloutObservation.Of(Samples.Parse<k8s.Models.V1DaemonSet>(Complete.Replace("updatedNumberScheduled: 2", "updatedNumberScheduled: 1", StringComparison.Ordinal)), [], false);

        ConditionAnswer answer = ReadySummary.Of([(ConditionTypes.BucketEncrypted, Good)], ValidationMode.Enforce, Current, rollout, new MirrorAnswer(pullsThrough ? Good : Unsure), 3);

        Assert.Equal((ConditionStatus.False, Reasons.RollingOut), (answer.Status, answer.Reason));
    }

    private static void Check(
        ConditionStatus outcome, string reason, string message, ConditionAnswer bucket, ConditionAnswer access, GateDecision decision, ValidationMode mode = ValidationMode.Enforce, ConditionAnswer? mirrors = null, bool tolerable = false)
    {
        RolloutObservation rollout = decision.Target is null
            ? RolloutObservation.OfNothing()
            : RolloutObservation.Of(Samples.Parse<k8s.Models.V1DaemonSet>(Complete), [], false);

        ConditionAnswer answer = ReadySummary.Of(
            [(ConditionTypes.ConfigValid, Good), (ConditionTypes.BucketEncrypted, bucket), (ConditionTypes.AccessGranted, access)], mode, decision, rollout, new MirrorAnswer(mirrors ?? Good, IsTolerable: tolerable), 3);

        Assert.Equal(new ConditionAnswer(outcome, reason, message), answer);
    }
}
