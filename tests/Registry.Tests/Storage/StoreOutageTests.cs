using LocalRegistry.Registry.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class StoreOutageTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StoreOutage _outage;

    public StoreOutageTests()
    {
        // Nothing of it may depend on what the clock shows.
        _time.Advance(TimeSpan.FromHours(1));
        _outage = new StoreOutage(_time);
    }

    [Fact]
    public void Everybody_asks_until_it_fails_and_after_it_has_answered()
    {
        Assert.True(_outage.ShouldAsk());
        Assert.True(_outage.ShouldAsk());
        _outage.Failed();
        Assert.False(_outage.ShouldAsk());
        _outage.Answered();
        Assert.True(_outage.ShouldAsk());
        Assert.True(_outage.ShouldAsk());
    }

    [Fact]
    public void While_it_is_away_one_at_a_time_asks()
    {
        _outage.Failed();
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(StoreOutage.Pause - TimeSpan.FromTicks(1));
            Assert.False(_outage.ShouldAsk());
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.True(_outage.ShouldAsk());
            Assert.False(_outage.ShouldAsk());
        }
    }

    [Fact]
    public void Failure_is_no_news_after_a_while()
    {
        _outage.Failed();
        _time.Advance(StoreOutage.Lifetime);

        Assert.True(_outage.ShouldAsk());
        Assert.True(_outage.ShouldAsk());
    }
}
