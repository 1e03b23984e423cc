using LocalRegistry.Operator.Api;
using Xunit;

namespace LocalRegistry.Operator.Tests.Api;

public sealed class ConditionSetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, 500, TimeSpan.Zero);

    [Fact]
    public void Set_for_the_first_time_takes_the_time_in_whole_seconds()
    {
        Condition condition = new ConditionSet([], 1, Noon).Set(ConditionTypes.Ready, ConditionStatus.False, "Why", "because");

        Assert.Equal(new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc), condition.LastTransitionTime);
    }

    [Fact]
    public void Set_with_another_reason_keeps_the_time()
    {
        Condition before = new ConditionSet([], 1, Noon).Set(ConditionTypes.Ready, ConditionStatus.False, "Why", "because");

        Condition after = new ConditionSet([before], 2, Noon.AddHours(1)).Set(ConditionTypes.Ready, ConditionStatus.False, "Other", "otherwise");

        Assert.Equal(before.LastTransitionTime, after.LastTransitionTime);
        Assert.Equal(("Other", "otherwise", 2L), (after.Reason, after.Message, after.ObservedGeneration));
    }

    [Fact]
    public void Set_with_another_status_takes_the_new_time()
    {
        Condition before = new ConditionSet([], 1, Noon).Set(ConditionTypes.Ready, ConditionStatus.False, "Why", "because");

        Condition after = new ConditionSet([before], 1, Noon.AddHours(1)).Set(ConditionTypes.Ready, ConditionStatus.True, "Fine", "now");

        Assert.Equal(before.LastTransitionTime.AddHours(1), after.LastTransitionTime);
    }
}
