using LocalRegistry.Operator.Validation;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

public sealed class JitterTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Due_of_many_made_at_once_is_spread_evenly_over_a_tenth_before_and_after_the_interval()
    {
        DateTimeOffset now = _time.GetUtcNow();

        double[] minutes = [.. Enumerable.Range(0, 1000).Select(i => (Jitter.Due($"uid-{i}", now, Interval) - now).TotalMinutes)];

        Assert.All(minutes, m => Assert.InRange(m, 9, 11));
        Assert.All(
            minutes.GroupBy(m => (int)((m - 9) * 5)).ToDictionary(g => g.Key, g => g.Count()),
            tenth => Assert.InRange(tenth.Value, 60, 140));
    }

    [Fact]
    public void Due_is_the_same_for_whoever_asks_whatever_the_fraction_of_the_second()
    {
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset due = Jitter.Due("uid", now, Interval);

        _time.Advance(TimeSpan.FromMilliseconds(999));

        Assert.Equal(due - now, Jitter.Due("uid", _time.GetUtcNow(), Interval) - _time.GetUtcNow());
    }

    [Fact]
    public void Due_of_one_is_another_each_time()
    {
        var gaps = new HashSet<TimeSpan>();
        for (int i = 0; i < 20; i++)
        {
            DateTimeOffset due = Jitter.Due("uid", _time.GetUtcNow(), Interval);
            gaps.Add(due - _time.GetUtcNow());
            _time.SetUtcNow(due);
        }

        Assert.Equal(20, gaps.Count);
    }
}
