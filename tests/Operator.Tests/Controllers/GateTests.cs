using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Controllers;

public sealed class GateTests
{
    private static readonly Finding Good = Of(CheckAnswer.Pass("Good", ""));
    private static readonly Finding Bad = Of(CheckAnswer.Fail("Bad", ""));
    private static readonly Finding Unsure = Of(CheckAnswer.Unknown("Unsure", ""));

    private static readonly RolloutPlan New = Samples.Plan();
    private static readonly RolloutPlan Old = New with { Generation = 1, Config = "other" };

    [Fact]
    public void Decide_when_all_passed_takes_the_candidate() =>
        Assert.Equal(new GateDecision(New, IsCurrent: true, Opened: true), Gate.Decide(New, [Good, Good], ValidationMode.Enforce, Old));

    [Fact]
    public void Decide_when_one_failed_or_is_not_known_takes_what_passed_last()
    {
        Assert.Equal(new GateDecision(Old, IsCurrent: false, Opened: false), Gate.Decide(New, [Good, Bad], ValidationMode.Enforce, Old));
        Assert.Equal(new GateDecision(Old, IsCurrent: false, Opened: false), Gate.Decide(New, [Unsure, Good], ValidationMode.Enforce, Old));
    }

    [Fact]
    public void Decide_when_one_failed_and_nothing_passed_before_takes_nothing() =>
        Assert.Equal(new GateDecision(null, IsCurrent: false, Opened: false), Gate.Decide(New, [Bad, Good], ValidationMode.Enforce, null));

    [Fact]
    public void Decide_when_a_check_fails_later_goes_on_with_the_same() =>
        Assert.Equal(new GateDecision(New, IsCurrent: true, Opened: false), Gate.Decide(New, [Bad, Unsure], ValidationMode.Enforce, New));

    [Fact]
    public void Decide_when_only_the_validation_changed_counts_the_old_plan_as_current()
    {
        RolloutPlan candidate = New with { Generation = 9, Spec = New.Spec with { Validation = new ValidationSpec { Interval = "1h" } } };

        Assert.Equal(new GateDecision(New, IsCurrent: true, Opened: false), Gate.Decide(candidate, [Bad], ValidationMode.Enforce, New));
    }

    [Fact]
    public void Decide_when_the_time_to_restore_changed_counts_the_old_plan_as_current()
    {
        RolloutPlan old = Samples.Plan(Samples.Mirrored());
        RolloutPlan candidate = Samples.Plan(Samples.Mirrored() with { Node = new NodeSpec { Runtime = new NodeRuntimeSpec { RestoreTimeout = "10m" } } });

        Assert.Equal(new GateDecision(old, IsCurrent: true, Opened: false), Gate.Decide(candidate, [Bad], ValidationMode.Enforce, old));
    }

    [Fact]
    public void Decide_when_the_same_runtime_is_taken_for_another_kind_counts_the_old_plan_as_current()
    {
        RolloutPlan old = Samples.Plan(Samples.Mirrored());

        Assert.Equal(
            new GateDecision(old, IsCurrent: true, Opened: false),
            Gate.Decide(old with { Platform = NodePlatform.Talos }, [Bad], ValidationMode.Enforce, old));
    }

    [Fact]
    public void Decide_when_mirrors_or_their_place_on_the_nodes_changed_takes_what_passed_last()
    {
        RolloutPlan old = Samples.Plan(Samples.Mirrored());
        RolloutPlan[] candidates =
        [
            Samples.Plan(Samples.Mirrored() with { Repositories = null }),
            Samples.Plan(Samples.Mirrored() with { Mirrors = [new MirrorSpec { Host = "docker.io" }] }),
            Samples.Plan(Samples.Mirrored() with { Node = new NodeSpec { Runtime = new NodeRuntimeSpec { Directory = "/opt/certs.d" } } }),
        ];

        Assert.All(candidates, c => Assert.Equal(new GateDecision(old, IsCurrent: false, Opened: false), Gate.Decide(c, [Bad], ValidationMode.Enforce, old)));
    }

    [Fact]
    public void Decide_with_an_invalid_configuration_takes_what_passed_last_even_where_checks_only_warn() =>
        Assert.Equal(new GateDecision(Old, IsCurrent: false, Opened: false), Gate.Decide(null, [], ValidationMode.Warn, Old));

    [Fact]
    public void Decide_where_checks_only_warn_takes_the_candidate() =>
        Assert.Equal(new GateDecision(New, IsCurrent: true, Opened: true), Gate.Decide(New, [Bad, Unsure], ValidationMode.Warn, Old));

    [Fact]
    public void Decide_where_the_check_that_failed_only_warns_takes_the_candidate() =>
        Assert.Equal(new GateDecision(New, IsCurrent: true, Opened: true), Gate.Decide(New, [Good, Bad with { Severity = Severity.Warn }], ValidationMode.Enforce, Old));

    private static Finding Of(CheckAnswer answer) => new(new CheckDefinition("check", "Condition", Severity.Enforce), Severity.Enforce, answer);
}
