using LocalRegistry.Registry.Storage.Uploads;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class PartBuffersTests
{
    [Fact]
    public async Task Rent_beyond_the_count_waits_until_one_comes_back()
    {
        using var buffers = new PartBuffers(16, 2);
        byte[] first = await buffers.RentAsync(TestContext.Current.CancellationToken);
        byte[] second = await buffers.RentAsync(TestContext.Current.CancellationToken);

        Task<byte[]> third = buffers.RentAsync(TestContext.Current.CancellationToken);
        bool waited = !third.IsCompleted;
        buffers.Return(first);

        Assert.True(waited);
        Assert.Equal(16, (await third).Length);
        Assert.NotSame(second, await third);
    }

    [Fact]
    public async Task Rent_that_is_given_up_takes_nothing()
    {
        using var buffers = new PartBuffers(16, 1);
        byte[] only = await buffers.RentAsync(TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource();

        Task<byte[]> waiting = buffers.RentAsync(patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        buffers.Return(only);

        Assert.Equal(16, (await buffers.RentAsync(TestContext.Current.CancellationToken)).Length);
    }

    [Theory]
    [InlineData(0, 900, false)]
    [InlineData(0, 1100, true)]
    [InlineData(4900, 900, false)]
    [InlineData(5100, 0, true)]
    public async Task Client_that_sends_nothing_for_a_while_or_has_had_its_turn_is_to_give_its_buffer_to_one_that_waits(int before, int paused, bool isWanted)
    {
        var time = new FakeTimeProvider();
        using var buffers = new PartBuffers(16, 1, time: time);
        byte[] only = await buffers.RentAsync(TestContext.Current.CancellationToken);
        Task<byte[]> other = buffers.RentAsync(TestContext.Current.CancellationToken);
        long since = buffers.Now();
        time.Advance(TimeSpan.FromMilliseconds(before));
        var reading = new TaskCompletionSource();

        Task<bool> waiting = buffers.IsWantedAsync(reading.Task, since);
        time.Advance(TimeSpan.FromMilliseconds(paused));
        if (!isWanted)
        {
            reading.SetResult();
        }

        Assert.Equal(isWanted, await waiting.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        buffers.Return(only);
        Assert.Same(only, await other);
    }

    [Fact]
    public async Task Client_keeps_its_buffer_while_nobody_waits()
    {
        var time = new FakeTimeProvider();
        using var buffers = new PartBuffers(16, 1, time: time);
        await buffers.RentAsync(TestContext.Current.CancellationToken);
        var reading = new TaskCompletionSource();

        Task<bool> waiting = buffers.IsWantedAsync(reading.Task, buffers.Now());
        time.Advance(TimeSpan.FromHours(1));
        bool isAsked = waiting.IsCompleted;
        reading.SetException(new IOException("connection reset"));

        Assert.False(isAsked);
        Assert.False(await waiting);
    }

    [Fact]
    public async Task Trim_lets_go_of_kept_buffers_once_none_is_in_use()
    {
        using var buffers = new PartBuffers(16, 2);
        byte[] first = await buffers.RentAsync(TestContext.Current.CancellationToken);
        byte[] second = await buffers.RentAsync(TestContext.Current.CancellationToken);
        buffers.Return(first);
        Assert.False(buffers.Trim());

        buffers.Return(second);

        Assert.True(buffers.Trim());
        Assert.False(buffers.Trim());
        Assert.DoesNotContain(await buffers.RentAsync(TestContext.Current.CancellationToken), new[] { first, second }.AsEnumerable(), ReferenceEqualityComparer.Instance);
    }
}
