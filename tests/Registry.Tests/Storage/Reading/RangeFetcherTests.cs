using CsCheck;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Reading;
using LocalRegistry.Registry.Tests.Fuzzing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage.Reading;

public sealed class RangeFetcherTests : IDisposable
{
    private const string Key = "object";

    private readonly FaultyStore _store = new(new InMemoryStore());
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public Task Bytes_are_those_of_the_object_whatever_is_asked_for() => Property.HoldsAsync(
        Gen.Select(Gen.Int[0, 600_000], Gen.Int[0, 1000], Gen.Int[1, 300_000], Gen.Int[1, 200_000]),
        async input =>
        {
            (int length, int first, int rangeSize, int most) = input;
            rangeSize = Math.Max(rangeSize, length / 40);
            byte[] content = await WriteAsync(first + length + 7);
            _store.Through = stream => new ShapedStream(stream, _ => Task.CompletedTask, Math.Max(most, 1000));
            var sink = new RecordingSink(first, length, rangeSize);

            await new RangeFetcher(_store).FetchAsync(Key, sink, begun: null, TestContext.Current.CancellationToken);

            Assert.Equal(content[first..(first + length)], sink.Bytes);
            Assert.Equal(length, sink.Taken);
            Assert.Equal(length, sink.Completed.Sum(r => r.Length));
            Assert.Equal(sink.Completed.Count, sink.Completed.Distinct().Count());
        },
        inputCount: 100);

    [Fact]
    public async Task Object_that_is_not_there_fails()
    {
        StoreException failure = await Assert.ThrowsAsync<StoreException>(
            () => new RangeFetcher(_store).FetchAsync(Key, new RecordingSink(0, 10, 5), begun: null, TestContext.Current.CancellationToken));

        Assert.Equal(StoreFailure.Missing, failure.Kind);
    }

    [Fact]
    public async Task First_failure_ends_the_fetch_and_what_runs_beside_it()
    {
        await WriteAsync(1000);
        int reads = 0;
        _store.Through = stream => new ShapedStream(stream, _ => Interlocked.Increment(ref reads) == 3 ? throw new IOException("cut") : Task.CompletedTask);
        var sink = new RecordingSink(0, 1000, 100);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => new RangeFetcher(_store).FetchAsync(Key, sink, begun: null, TestContext.Current.CancellationToken));

        Assert.Equal(StoreFailure.Unavailable, failure.Kind);
        Assert.Equal(3, reads);
        Assert.Equal(2, sink.Completed.Count);
    }

    [Fact]
    public async Task Ranges_that_follow_each_other_come_over_one_connection_and_others_do_not()
    {
        byte[] content = await WriteAsync(1000);
        int open = 0;
        _store.Through = stream => new ShapedStream(stream, _ => Task.CompletedTask, disposed: () => Interlocked.Decrement(ref open));
        _store.AfterReading = (_, _) =>
        {
            Interlocked.Increment(ref open);
            return Task.CompletedTask;
        };
        _store.Calls.Clear();
        ObjectContent begun = (await _store.OpenAsync(Key, 0, null, TestContext.Current.CancellationToken))!;

        var first = new RecordingSink(0, 1000, 100);
        await new RangeFetcher(_store, _time).FetchAsync(Key, first, begun, TestContext.Current.CancellationToken);
        var second = new RecordingSink(300, 700, 100);
        await new RangeFetcher(_store, _time).FetchAsync(
            Key, second, (await _store.OpenAsync(Key, 0, null, TestContext.Current.CancellationToken))!, TestContext.Current.CancellationToken);

        Assert.Equal(content, first.Bytes);
        Assert.Equal(content[300..], second.Bytes);
        Assert.Equal(3, _store.Calls.Count(c => c == $"OpenAsync {Key}"));
        Assert.Equal(0, open);
    }

    [Fact]
    public async Task Caller_that_gives_up_ends_it_while_the_sink_has_no_room()
    {
        await WriteAsync(1000);
        using var patience = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        var sink = new RecordingSink(0, 1000, 100)
        {
            Before = token =>
            {
                asked.TrySetResult();
                return Task.Delay(Timeout.InfiniteTimeSpan, token);
            },
        };

        Task fetch = new RangeFetcher(_store).FetchAsync(Key, sink, begun: null, patience.Token);
        await asked.Task;
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
        Assert.Empty(sink.Completed);
    }

    [Fact]
    public async Task Range_that_stands_still_is_fetched_a_second_time_and_the_first_is_over_before_it_is_complete()
    {
        byte[] content = await WriteAsync(3000);
        int reads = 0;
        int open = 0;
        _store.Through = stream =>
        {
            Interlocked.Increment(ref open);
            return new ShapedStream(
                stream,
                token => Interlocked.Increment(ref reads) == 25 ? StandStillAsync(token) : Task.CompletedTask,
                disposed: () => Interlocked.Decrement(ref open));
        };
        var sink = new RecordingSink(0, 3000, 100);

        Task fetch = new RangeFetcher(_store, _time).FetchAsync(Key, sink, begun: null, TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(() => fetch.IsCompleted);
        await fetch;

        Assert.Equal(content, sink.Bytes);
        Assert.Equal(3000, sink.Taken);
        Assert.Equal(31, reads);
        Assert.Equal(0, open);
    }

    [Fact]
    public async Task Bytes_of_a_range_are_handed_on_once_whoever_brings_them_first()
    {
        using var range = new FetchedRange(new ByteRange(10, 29), _time, TestContext.Current.CancellationToken);
        var taken = new List<(long Offset, byte[] Bytes)>();
        byte[] first = [1, 1, 1, 1, 1];
        byte[] second = [2, 2, 2, 2, 2, 2, 2, 2];

        await WriteAsync(10, first);
        await WriteAsync(10, second);
        await WriteAsync(15, first.AsMemory(0, 3));
        await WriteAsync(18, second);

        Assert.Equal([(10, first), (15, second[..3]), (18, second)], taken, (one, other) => one.Offset == other.Offset && one.Bytes.SequenceEqual(other.Bytes));

        Task WriteAsync(long offset, ReadOnlyMemory<byte> bytes) => range.WriteAsync(
            offset,
            bytes,
            (at, part, _) =>
            {
                taken.Add((at, part.ToArray()));
                return ValueTask.CompletedTask;
            },
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Range_that_stands_still_is_waited_for_when_nothing_may_be_fetched_twice()
    {
        byte[] content = await WriteAsync(1000);
        var released = new TaskCompletionSource();
        int reads = 0;
        _store.Through = stream => new ShapedStream(stream, _ => Interlocked.Increment(ref reads) == 8 ? released.Task : Task.CompletedTask);
        var sink = new RecordingSink(0, 1000, 100);

        Task fetch = new RangeFetcher(_store, _time).FetchAsync(Key, sink, begun: null, TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(() => _time.GetUtcNow() - _time.Start > TimeSpan.FromSeconds(5));
        Assert.False(fetch.IsCompleted);
        released.SetResult();
        await fetch;

        Assert.Equal(content, sink.Bytes);
        Assert.Equal(10, reads);
    }

    [Fact]
    public async Task More_connections_are_used_when_one_is_what_is_waited_for()
    {
        await WriteAsync(1024 * 1024);
        int open = 0;
        int most = 0;
        _store.Through = stream =>
        {
            int now = Interlocked.Increment(ref open);
            InterlockedMax(ref most, now);
            return new ShapedStream(stream, token => Task.Delay(10, token), disposed: () => Interlocked.Decrement(ref open));
        };
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var sink = new EndlessSink(() => Volatile.Read(ref most) >= 3);

        Task fetch = new RangeFetcher(_store).FetchAsync(Key, sink, begun: null, enough.Token);

        await fetch.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.InRange(most, 3, RangeFetcher.MaximumWidth);
        Assert.Equal(0, open);
    }

    private static Task StandStillAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.HoldsAsync(
        () =>
        {
            _time.Advance(AdaptiveWidth.Step);
            return Task.FromResult(condition());
        },
        "the fetch gets on");

    private async Task<byte[]> WriteAsync(int size)
    {
        byte[] content = TestContent.Bytes(size);
        await _store.WriteAsync(Key, content, onlyIfAbsent: false, TestContext.Current.CancellationToken);
        return content;
    }

    private sealed class EndlessSink(Func<bool> isEnough) : IRangeSink
    {
        public ValueTask<ByteRange?> NextAsync(CancellationToken cancellationToken) => new(isEnough() ? null : new ByteRange(0, (1024 * 1024) - 1));

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void Complete(ByteRange range)
        {
        }
    }
}
