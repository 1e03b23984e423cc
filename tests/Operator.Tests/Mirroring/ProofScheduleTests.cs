using LocalRegistry.Operator.Mirroring;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

public sealed class ProofScheduleTests
{
    private static readonly DateTimeOffset Start = MirrorSamples.Start;

    [Theory]
    [InlineData("1m", 60)]
    [InlineData("10m", 60)]
    [InlineData("1h", 60)]
    [InlineData("24h", 1440)]
    public void Next_after_a_good_proof_is_an_hour_or_a_longer_interval_later_give_or_take_a_tenth(string validation, int minutes)
    {
        var schedule = ProofSchedule.Of(validation);

        Assert.InRange(schedule.Next("uid", Start, 0), Start.AddMinutes(minutes * 0.9), Start.AddMinutes(minutes * 1.1));
        Assert.NotEqual(schedule.Next("uid", Start, 0), schedule.Next("other", Start, 0));
        Assert.Equal(TimeSpan.FromMinutes((3 * minutes) + 15), schedule.StaleAfter);
    }

    [Theory]
    [InlineData("10m", 1, 30)]
    [InlineData("10m", 2, 60)]
    [InlineData("10m", 3, 120)]
    [InlineData("10m", 5, 480)]
    [InlineData("10m", 6, 600)]
    [InlineData("10m", 60, 600)]
    [InlineData("1m", 3, 60)]
    [InlineData("24h", 9, 600)]
    public void Next_after_failures_doubles_up_to_the_interval_or_ten_minutes(string validation, int failures, int seconds) =>
        Assert.Equal(Start.AddSeconds(seconds), ProofSchedule.Of(validation).Next("uid", Start, failures));
}
