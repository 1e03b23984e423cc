using LocalRegistry.Registry.Storage.Reading;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage.Reading;

public sealed class AdaptiveWidthTests
{
    private const int Megabyte = 1024 * 1024;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Width_grows_up_to_its_maximum_as_long_as_each_connection_brings_as_much_as_the_first()
    {
        var width = new AdaptiveWidth(1, 8, _time);

        int[] seen = [.. Enumerable.Range(0, 12).Select(_ => Step(width, each: 80 * Megabyte))];

        Assert.Equal([4, 4, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8], seen);
    }

    [Fact]
    public void Width_that_brings_no_more_is_given_up_and_tried_again_after_ever_longer_pauses()
    {
        var width = new AdaptiveWidth(1, 8, _time);
        var tries = new List<int>();
        for (int step = 0, before = 1; step < 400; step++)
        {
            int now = Step(width, each: 80 * Megabyte / width.Width);
            if (now > before)
            {
                tries.Add(step);
            }

            Assert.Contains(now, new[] { 1, 4 });
            before = now;
        }

        int[] pauses = [.. tries.Zip(tries.Skip(1), (first, second) => second - first)];
        Assert.InRange(pauses[0], 4, 8);
        Assert.All(pauses.Zip(pauses.Skip(1)), pair => Assert.True(pair.Second > pair.First, $"{pair.First}, then {pair.Second} steps"));
    }

    [Fact]
    public void Width_goes_back_to_what_it_was_when_the_last_step_brought_no_more()
    {
        var width = new AdaptiveWidth(1, 8, _time);

        int[] seen = [.. Enumerable.Range(0, 6).Select(_ => Step(width, each: 80 * Megabyte * Math.Min(4, width.Width) / width.Width))];

        Assert.Equal([4, 4, 8, 8, 4, 4], seen);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(0.7)]
    public void Width_stays_when_it_is_not_the_store_alone_that_is_waited_for(double share)
    {
        var width = new AdaptiveWidth(1, 8, _time);

        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(1, Step(width, each: 80 * Megabyte, share)));
    }

    [Fact]
    public void Width_goes_back_when_the_store_is_not_waited_for_any_more()
    {
        var width = new AdaptiveWidth(8, 8, _time);

        int[] seen = [.. Enumerable.Range(0, 4).Select(_ => Step(width, each: 10 * Megabyte, share: 0.2))];

        Assert.Equal([4, 2, 1, 1], seen);
    }

    [Fact]
    public void Connection_that_is_as_fast_as_the_machine_is_not_helped()
    {
        var width = new AdaptiveWidth(1, 8, _time);

        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(1, Step(width, each: 600 * Megabyte)));
    }

    // All connections wait for a share of a step, and bring so many bytes a second each.
    private int Step(AdaptiveWidth width, int each, double share = 1)
    {
        int connections = width.Width;
        for (int i = 0; i < connections; i++)
        {
            width.BeginWait();
        }

        _time.Advance(AdaptiveWidth.Step * share);
        for (int i = 0; i < connections; i++)
        {
            width.EndWait((int)(each * AdaptiveWidth.Step.TotalSeconds));
        }

        _time.Advance(AdaptiveWidth.Step * (1 - share));
        return width.Next();
    }
}
