using System.Collections.Concurrent;
using CsCheck;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Reading;
using LocalRegistry.Registry.Tests.Fuzzing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage.Reading;

public sealed class WindowedStreamTests
{
    private const int Megabyte = 1024 * 1024;
    private const int PieceSize = 128 * 1024;

    private static readonly byte[] Content = TestContent.Bytes(40 * Megabyte);

    private readonly FakeTimeProvider _time = new();
    private readonly WindowBuffers _buffers = new(256 * 1024, 32);
    private readonly ConcurrentQueue<ByteRange> _opened = new();
    private int _open;

    [Fact]
    public Task Bytes_are_those_of_the_object_however_many_connections_bring_them() => Property.HoldsAsync(
        Gen.Select(Gen.Int[0, 20 * Megabyte], Gen.Int[1, 20 * Megabyte], Gen.Int[1, 30], Gen.Int[1000, Megabyte], Gen.Int[0, 32]),
        async input =>
        {
            (int offset, int length, int milliseconds, int piece, int limit) = input;
            var buffers = new WindowBuffers(256 * 1024, limit);
            await using WindowedStream stream = Open(offset, length, buffers, () => _time.Advance(TimeSpan.FromMilliseconds(milliseconds)));
            byte[] bytes = new byte[length];
            int read = 0;
            for (int count = -1; count != 0; read += count)
            {
                count = await stream.ReadAsync(bytes.AsMemory(read, Math.Min(piece, length - read)), TestContext.Current.CancellationToken);
                Assert.InRange(buffers.Left, 0, limit);
            }

            Assert.True(Content.AsSpan(offset, length).SequenceEqual(bytes.AsSpan(0, read)));
            await stream.DisposeAsync();
            Assert.Equal(limit, buffers.Left);
            Assert.Equal(0, _open);
        },
        inputCount: 40);

    [Fact]
    public async Task Store_that_is_waited_for_is_read_over_more_connections()
    {
        await using WindowedStream stream = Open(0, Content.Length, _buffers, StoreIsSlow);

        await ReadAsync(stream, 12);

        await Eventually.HoldsAsync(() => Task.FromResult(_opened.Count >= 3), "three more connections");
        ByteRange[] next = [.. _opened.OrderBy(r => r.First).Take(3)];
        Assert.InRange(next[0].First, 12 * PieceSize, 12 * PieceSize + WindowLane.Size);

        // They end one after the other.
        Assert.Equal([WindowLane.Size / 3, WindowLane.Size * 2 / 3, WindowLane.Size], next.Select(r => r.Length));
    }

    [Fact]
    public async Task Client_that_takes_its_time_costs_no_more_requests()
    {
        await using WindowedStream stream = Open(0, Content.Length, _buffers, () => { });

        for (int i = 0; i < 100; i++)
        {
            await ReadAsync(stream, 1);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(_opened);
        Assert.Equal(32, _buffers.Left);
    }

    [Fact]
    public async Task One_connection_goes_on_when_no_buffer_is_left()
    {
        await using WindowedStream stream = Open(0, Content.Length, new WindowBuffers(256 * 1024, 0), StoreIsSlow);

        await ReadAsync(stream, Content.Length / PieceSize);

        Assert.Empty(_opened);
    }

    [Fact]
    public async Task What_is_small_is_read_over_one_connection()
    {
        await using WindowedStream stream = Open(0, (int)WindowedStream.Worth, _buffers, StoreIsSlow);

        await ReadAsync(stream, (int)WindowedStream.Worth / PieceSize);

        Assert.Empty(_opened);
    }

    [Fact]
    public async Task Stream_that_is_closed_early_leaves_nothing_behind()
    {
        WindowedStream stream = Open(0, Content.Length, _buffers, StoreIsSlow);
        await ReadAsync(stream, 40);
        await Eventually.HoldsAsync(() => Task.FromResult(_buffers.Left < 32), "something is read ahead");

        await stream.DisposeAsync();

        Assert.Equal(32, _buffers.Left);
        Assert.Equal(0, _open);
    }

    [Fact]
    public async Task Failure_ahead_comes_after_the_bytes_before_it()
    {
        var failure = FaultyStore.Failure();
        await using WindowedStream stream = new(
            Shaped(0, Content.Length, StoreIsSlow), 0, Content.Length, (_, _) => Task.FromException<Stream>(failure), _buffers, _time);
        byte[] buffer = new byte[PieceSize];
        long read = 0;

        var thrown = await Assert.ThrowsAsync<LocalRegistry.Registry.Storage.Drivers.StoreException>(async () =>
        {
            while (true)
            {
                read += await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            }
        });

        Assert.Same(failure, thrown);
        Assert.InRange(read, 10 * PieceSize, 10 * PieceSize + WindowLane.Size);
    }

    [Fact]
    public async Task Bytes_far_ahead_leave_room_for_those_before_them_and_are_read_once_there_is_some()
    {
        const int buffer = 256 * 1024;
        var buffers = new WindowBuffers(buffer, 4);
        var window = new Window((range, _) => Task.FromResult<Stream>(Shaped((int)range.First, (int)range.Length, () => { })), buffers, new AdaptiveWidth(1, 8, _time));
        await using var far = new WindowLane(window, new ByteRange(3 * buffer, (5 * buffer) - 1));
        await using var next = new WindowLane(window, new ByteRange(buffer, (3 * buffer) - 1));
        await using var first = new WindowLane(window, new ByteRange(0, buffer - 1));
        await Eventually.HoldsAsync(() => Task.FromResult(buffers.Left == 1), "three buffers are full: all that one object may have");

        await first.BeginTurnAsync(TestContext.Current.CancellationToken);
        Assert.Equal(buffer, first.Take(new byte[buffer]));
        window.MoveTo(buffer);
        await Eventually.HoldsAsync(() => Task.FromResult(buffers.Left == 1), "the far one has the room");
        await next.BeginTurnAsync(TestContext.Current.CancellationToken);
        await far.BeginTurnAsync(TestContext.Current.CancellationToken);

        Assert.Equal(buffer, next.Take(new byte[buffer]));
        Assert.Equal(buffer, next.Take(new byte[buffer]));
        Assert.Equal(buffer, far.Take(new byte[buffer]));
    }

    [Fact]
    public void No_stream_holds_more_than_twice_what_is_left()
    {
        int held = 0;
        while (_buffers.TryRent(held) is not null)
        {
            held++;
        }

        Assert.InRange(held, 20, 22);
        Assert.NotNull(_buffers.TryRent(0));
    }

    [Fact]
    public void Buffers_are_let_go_of_once_none_is_in_use()
    {
        byte[] first = _buffers.TryRent(0)!;
        byte[] second = _buffers.TryRent(1)!;
        _buffers.Return(first);
        Assert.False(_buffers.Trim());

        _buffers.Return(second);

        Assert.True(_buffers.Trim());
        Assert.False(_buffers.Trim());
    }

    // 128 KiB in 10 ms.
    private void StoreIsSlow() => _time.Advance(TimeSpan.FromMilliseconds(10));

    private static async Task ReadAsync(WindowedStream stream, int pieces)
    {
        byte[] buffer = new byte[PieceSize];
        for (int i = 0; i < pieces; i++)
        {
            await stream.ReadExactlyAsync(buffer, TestContext.Current.CancellationToken);
        }
    }

    private WindowedStream Open(int offset, int length, WindowBuffers buffers, Action before) => new(
        Shaped(offset, length, before),
        offset,
        length,
        (range, _) =>
        {
            _opened.Enqueue(range);
            return Task.FromResult<Stream>(Shaped((int)range.First, (int)range.Length, before));
        },
        buffers,
        _time);

    private ShapedStream Shaped(int offset, int length, Action before)
    {
        Interlocked.Increment(ref _open);
        return new ShapedStream(
            new MemoryStream(Content, offset, length, writable: false),
            _ =>
            {
                before();
                return Task.CompletedTask;
            },
            disposed: () => Interlocked.Decrement(ref _open));
    }
}
