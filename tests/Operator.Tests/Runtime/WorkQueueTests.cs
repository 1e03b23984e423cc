using LocalRegistry.Operator.Runtime;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Operator.Tests.Runtime;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkQueue<int> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<int>(_time);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Add_twice_gives_the_key_once()
    {
        _queue.Add(1);
        _queue.Add(1);

        Assert.Equal(1, await TakeAsync());
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task Add_while_being_worked_on_comes_back_after_the_work()
    {
        _queue.Add(1);
        await TakeAsync();

        _queue.Add(1);

        Assert.Equal(0, _queue.Count);
        _queue.Done(1);
        Assert.Equal(1, await TakeAsync());
    }

    [Fact]
    public async Task Take_gives_keys_in_the_order_of_their_adding()
    {
        _queue.Add(2);
        _queue.Add(1);

        Assert.Equal((2, 1), (await TakeAsync(), await TakeAsync()));
    }

    [Fact]
    public async Task AddAfter_a_time_that_no_timer_takes_gives_the_key_early()
    {
        _queue.AddAfter(1, TimeSpan.FromDays(1000));

        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, await TakeAsync());
    }

    [Fact]
    public async Task AddAfter_gives_the_key_when_it_is_due()
    {
        _queue.AddAfter(1, TimeSpan.FromSeconds(10));

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, _queue.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await TakeAsync());
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(5, 10)]
    public async Task AddAfter_twice_counts_the_earliest_and_only_that(int first, int second)
    {
        _queue.AddAfter(1, TimeSpan.FromSeconds(first));
        _queue.AddAfter(1, TimeSpan.FromSeconds(second));

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, await TakeAsync());
        _queue.Done(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task AddAfterFailure_doubles_the_delay_until_the_key_is_forgotten()
    {
        foreach (int milliseconds in (int[])[5, 10, 20])
        {
            _queue.AddAfterFailure(1);
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
            Assert.Equal(0, _queue.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, await TakeAsync());
            _queue.Done(1);
        }

        _queue.Forget(1);
        _queue.AddAfterFailure(1);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(1, await TakeAsync());
    }

    [Fact]
    public void Backoff_ends_at_its_last_delay() =>
        Assert.Equal(TimeSpan.FromMinutes(5), Backoff.After(1000, TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(5)));

    private Task<int> TakeAsync() => _queue.TakeAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(5));
}
