using LocalRegistry.Registry.Storage.Uploads;
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
