using System.IO.Pipelines;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Uploads;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class UploadStoreTests : IAsyncLifetime
{
    private const int PartSize = 1024;
    private const int BufferCount = 3;

    private static readonly RepositoryName Name = new("test/upload");

    private readonly FakeTimeProvider _time = new();
    private readonly PartBuffers _buffers = new(PartSize, BufferCount);
    private readonly InMemoryStore _inner = new();
    private readonly DescriptorCache _descriptors = new(0);
    private readonly FaultyStore _store;
    private readonly UploadStore _uploads;

    public UploadStoreTests()
    {
        _store = new FaultyStore(_inner);
        _uploads = new UploadStore(
            _store, new BlobStore(new ContentStore(_store), new LinkStore(_store), _descriptors), _buffers, _time, NullLogger<UploadStore>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _uploads.DisposeAsync();
        _descriptors.Dispose();
        _buffers.Dispose();
        _inner.Dispose();
    }

    [Fact]
    public async Task Begin_beyond_the_most_drops_the_one_idle_longest()
    {
        List<UploadSession> open = await OpenAsync(UploadStore.MaximumOpen);
        open[0].LastUsed = _time.GetTimestamp();

        UploadSession? next = await _uploads.BeginHereAsync(Name, null);

        Assert.NotNull(next);
        Assert.Same(open[0], _uploads.FindHere(Name, open[0].Id));
        Assert.Null(_uploads.FindHere(Name, open[1].Id));
        Assert.All(open[2..], s => Assert.Same(s, _uploads.FindHere(Name, s.Id)));
    }

    [Fact]
    public async Task Append_that_leaves_more_resting_in_memory_than_the_buffers_hold_drops_the_one_idle_longest()
    {
        List<UploadSession> open = await OpenAsync(BufferCount + 2);
        foreach (UploadSession session in open)
        {
            Assert.True(session.TryEnter());
            await AppendAsync(session, TestContent.Bytes(PartSize - 1));
            session.Leave();
        }

        Assert.Null(_uploads.FindHere(Name, open[0].Id));
        Assert.All(open[2..], s => Assert.Same(s, _uploads.FindHere(Name, s.Id)));
    }

    [Fact]
    public async Task Begin_beyond_the_most_is_refused_while_all_are_worked_on()
    {
        List<UploadSession> open = await OpenAsync(UploadStore.MaximumOpen);
        Assert.All(open, s => Assert.True(s.TryEnter()));

        UploadSession? refused = await _uploads.BeginHereAsync(Name, null);
        open[5].Leave();
        UploadSession? taken = await _uploads.BeginHereAsync(Name, null);

        Assert.Null(refused);
        Assert.NotNull(taken);
        Assert.Null(_uploads.FindHere(Name, open[5].Id));
    }

    [Fact]
    public async Task Drop_idle_takes_only_those_that_nobody_has_worked_on_for_the_whole_timeout()
    {
        List<UploadSession> open = await OpenAsync(3);
        _time.Advance(UploadStore.IdleTimeout - TimeSpan.FromSeconds(10));
        open[1].LastUsed = _time.GetTimestamp();
        Assert.True(open[2].TryEnter());

        await _uploads.DropIdleAsync();
        bool tooEarly = _uploads.FindHere(Name, open[0].Id) is null;
        _time.Advance(TimeSpan.FromSeconds(20));
        await _uploads.DropIdleAsync();

        Assert.False(tooEarly);
        Assert.Null(_uploads.FindHere(Name, open[0].Id));
        Assert.Same(open[1], _uploads.FindHere(Name, open[1].Id));
        Assert.Same(open[2], _uploads.FindHere(Name, open[2].Id));
    }

    [Fact]
    public async Task Drop_idle_goes_on_while_the_store_fails()
    {
        List<UploadSession> open = await OpenAsync(2);
        await AppendAsync(open[0], TestContent.Bytes(2 * PartSize + 1));
        await AppendAsync(open[1], TestContent.Bytes(2 * PartSize + 1));
        _store.Fail(StoreFailure.Unavailable, "AbortAsync");
        _time.Advance(2 * UploadStore.IdleTimeout);

        await _uploads.DropIdleAsync();

        Assert.All(open, s => Assert.Null(_uploads.FindHere(Name, s.Id)));
        await AssertAllBuffersFreeAsync();
    }

    [Fact]
    public async Task Session_that_has_ended_cannot_be_entered()
    {
        UploadSession session = await BeginAsync();

        await _uploads.CancelAsync(session);
        await _uploads.CancelAsync(session);

        Assert.False(session.TryEnter());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PartSize - 1)]
    [InlineData(PartSize)]
    [InlineData(PartSize + 1)]
    [InlineData((10 * PartSize) + 7)]
    public async Task Commit_makes_a_blob_of_any_size_and_gives_every_buffer_back(int size)
    {
        byte[] content = TestContent.Bytes(size);
        UploadSession session = await BeginAsync();

        await AppendAsync(session, content);

        Assert.True(await _uploads.CommitAsync(session, DigestOf(content), Token));
        await AssertStoredAsync(content);
        await AssertAllBuffersFreeAsync();
    }

    [Fact]
    public async Task Append_of_more_than_fits_into_as_many_parts_as_there_may_be_is_too_large()
    {
        byte[] content = TestContent.Bytes((IPartWriter.MaximumParts * PartSize) + 1);
        UploadSession larger = await BeginAsync();
        UploadSession largest = await BeginAsync();

        AppendOutcome refused = await AppendAsync(larger, content);
        AppendOutcome taken = await AppendAsync(largest, content[..^1]);
        bool committed = await _uploads.CommitAsync(largest, DigestOf(content[..^1]), Token);

        Assert.Equal((AppendOutcome.TooLarge, AppendOutcome.Taken, true), (refused, taken, committed));
        Assert.Null(_uploads.FindHere(Name, larger.Id));
        await AssertStoredAsync(content[..^1]);
        await AssertAllBuffersFreeAsync();
    }

    [Fact]
    public async Task Append_in_many_pieces_is_the_same_as_in_one()
    {
        byte[] content = TestContent.Bytes(5000);
        UploadSession session = await BeginAsync();
        int[] ends = [1, 2, 700, 1024, 1025, 2048, 3333, 4999, 5000];

        int start = 0;
        foreach (int end in ends)
        {
            await AppendAsync(session, content[start..end]);
            Assert.Equal(end, session.Offset);
            await AssertAllBuffersFreeAsync();
            start = end;
        }

        Assert.True(await _uploads.CommitAsync(session, DigestOf(content), Token));
        await AssertStoredAsync(content);
    }

    [Fact]
    public async Task Append_waits_for_the_store_with_no_more_than_the_buffers_there_are()
    {
        using var gate = new SemaphoreSlim(0);
        _store.Before = method => method == "PartAsync" ? gate.WaitAsync(Token) : Task.CompletedTask;
        byte[] content = TestContent.Bytes(20 * PartSize);
        List<UploadSession> sessions = await OpenAsync(2);
        Task[] appends = [.. sessions.Select(s => AppendAsync(s, content))];

        await Eventually.HoldsAsync(() => Task.FromResult(sessions.Sum(s => s.Offset) >= BufferCount * PartSize), "the buffers are full");
        long taken = sessions.Sum(s => s.Offset);
        bool waits = !appends.Any(a => a.IsCompleted);
        gate.Release(1000);
        await Task.WhenAll(appends);

        Assert.Equal(BufferCount * PartSize, taken);
        Assert.True(waits);
        foreach (UploadSession session in sessions)
        {
            Assert.True(await _uploads.CommitAsync(session, DigestOf(content), Token));
        }

        await AssertStoredAsync(content);
    }

    [Fact]
    public async Task Append_that_is_given_up_while_it_waits_resumes_where_it_was()
    {
        using var gate = new SemaphoreSlim(0);
        _store.Before = method => method == "PartAsync" ? gate.WaitAsync(Token) : Task.CompletedTask;
        byte[] content = TestContent.Bytes(10 * PartSize);
        UploadSession session = await BeginAsync();
        using var client = new CancellationTokenSource();

        Task append = _uploads.AppendAsync(session, PipeReader.Create(new MemoryStream(content)), null, null, client.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(session.Offset == BufferCount * PartSize), "the buffers are full");
        await client.CancelAsync();
        gate.Release(1000);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        await AppendAsync(session, content[(int)session.Offset..]);

        Assert.Equal(content.Length, session.Offset);
        Assert.True(await _uploads.CommitAsync(session, DigestOf(content), Token));
        await AssertStoredAsync(content);
    }

    [Fact]
    public async Task Append_whose_client_goes_keeps_what_came_and_holds_no_buffer()
    {
        byte[] content = TestContent.Bytes(PartSize + 100);
        UploadSession session = await BeginAsync();
        var body = new Pipe();
        await body.Writer.WriteAsync(content, Token);
        await body.Writer.CompleteAsync(new IOException("connection reset"));

        await Assert.ThrowsAsync<IOException>(() => _uploads.AppendAsync(session, body.Reader, null, null, Token));

        Assert.Same(session, _uploads.FindHere(Name, session.Id));
        await AssertAllBuffersFreeAsync();
    }

    [Fact]
    public async Task Clients_that_send_little_by_little_keep_no_other_from_pushing()
    {
        byte[] content = TestContent.Bytes(20 * PartSize);
        List<UploadSession> slow = await OpenAsync(BufferCount);
        Assert.All(slow, s => Assert.True(s.TryEnter()));
        Pipe[] bodies = [.. slow.Select(_ => new Pipe())];
        Task<AppendOutcome>[] appends = [.. slow.Select((s, i) => _uploads.AppendAsync(s, bodies[i].Reader, null, null, Token))];
        await SendAllAsync(bodies, content[..100]);
        await Eventually.HoldsAsync(() => Task.FromResult(slow.TrueForAll(s => s.Offset == 100)), "every buffer is in use");
        UploadSession quick = await BeginAsync();

        Task<AppendOutcome> pushing = AppendAsync(quick, content);
        AppendOutcome pushed = await pushing.WaitAsync(TimeSpan.FromMinutes(1), Token);
        bool committed = await _uploads.CommitAsync(quick, DigestOf(content), Token);
        await SendAllAsync(bodies, content[100..]);
        Array.ForEach(bodies, b => b.Writer.Complete());
        AppendOutcome[] outcomes = await Task.WhenAll(appends);

        Assert.True(committed);
        Assert.All([pushed, .. outcomes], o => Assert.Equal(AppendOutcome.Taken, o));
        foreach (UploadSession session in slow)
        {
            Assert.True(await _uploads.CommitAsync(session, DigestOf(content), Token));
        }

        await AssertStoredAsync(content);
        await AssertAllBuffersFreeAsync();
    }

    [Fact]
    public async Task Clients_that_send_little_by_little_are_dropped_when_what_they_sent_fills_the_memory_that_there_is_for_such()
    {
        byte[] content = TestContent.Bytes(PartSize);
        List<UploadSession> slow = await OpenAsync(2 * BufferCount);
        Assert.All(slow, s => Assert.True(s.TryEnter()));
        Pipe[] bodies = [.. slow.Select(_ => new Pipe())];
        Task<AppendOutcome>[] appends = [.. slow.Select((s, i) => _uploads.AppendAsync(s, bodies[i].Reader, null, null, Token))];
        await SendAllAsync(bodies, content[..(PartSize - 1)]);
        await Eventually.HoldsAsync(() => Task.FromResult(slow.TrueForAll(s => s.Offset == PartSize - 1)), "all hold what they were sent");
        UploadSession quick = await BeginAsync();

        AppendOutcome pushed = await AppendAsync(quick, TestContent.Bytes(20 * PartSize)).WaitAsync(TimeSpan.FromMinutes(1), Token);
        await Eventually.HoldsAsync(() => Task.FromResult(slow.Exists(IsGone) && Resting() <= _buffers.MaximumResting), "as many as need be make room");
        long resting = Resting();
        Array.ForEach(bodies, b => b.Writer.Complete());
        AppendOutcome[] outcomes = await Task.WhenAll(appends);

        Assert.Equal(AppendOutcome.Taken, pushed);
        Assert.InRange(resting, 1, _buffers.MaximumResting);
        Assert.Equal(slow.Count(IsGone), outcomes.Count(o => o == AppendOutcome.NoRoom));
        Assert.Equal(slow.Count(s => !IsGone(s)), outcomes.Count(o => o == AppendOutcome.Taken));
        await AssertAllBuffersFreeAsync();

        bool IsGone(UploadSession session) => _uploads.FindHere(Name, session.Id) is null;

        long Resting() => slow.Where(s => !IsGone(s)).Sum(s => (long)(s.Writer?.Resting ?? 0));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(UploadStore.MaximumOpen)]
    public async Task Pushes_at_once_have_no_more_memory_than_one(int pushers)
    {
        byte[] content = TestContent.Bytes((8 * PartSize) + 3);
        List<UploadSession> sessions = await OpenAsync(pushers);
        Assert.All(sessions, s => Assert.True(s.TryEnter()));
        int parts = 0;
        long most = 0;
        _store.Before = method =>
        {
            if (method == "PartAsync")
            {
                // What was taken and has not been given to the store is in memory. Counted in this order, for others go on meanwhile.
                long taken = sessions.Sum(s => s.Offset);
                InterlockedMax(ref most, taken - (Interlocked.Increment(ref parts) * (long)PartSize));
            }

            return Task.CompletedTask;
        };

        AppendOutcome[] outcomes = await Task.WhenAll(sessions.Select(s => Task.Run(() => AppendAsync(s, content), Token)));

        Assert.All(outcomes, o => Assert.Equal(AppendOutcome.Taken, o));
        Assert.InRange(most, 0, (BufferCount * PartSize) + _buffers.MaximumResting + (pushers * _buffers.Small));
        foreach (UploadSession session in sessions)
        {
            Assert.True(await _uploads.CommitAsync(session, DigestOf(content), Token));
        }

        await AssertStoredAsync(content);
        await AssertAllBuffersFreeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Small_content_needs_no_buffer(bool isLengthKnown)
    {
        byte[] content = TestContent.Bytes(_buffers.Small);
        for (int i = 0; i < BufferCount; i++)
        {
            await _buffers.RentAsync(Token);
        }

        UploadSession session = await BeginAsync();
        var body = new Pipe();
        Task<AppendOutcome> append = _uploads.AppendAsync(session, body.Reader, isLengthKnown ? content.Length : null, null, Token);
        await body.Writer.WriteAsync(content.AsMemory(0, 3), Token);
        await Eventually.HoldsAsync(() => Task.FromResult(session.Offset == 3), "the first bytes are taken");
        await body.Writer.WriteAsync(content.AsMemory(3), Token);
        await body.Writer.CompleteAsync();

        Assert.Equal(AppendOutcome.Taken, await append.WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.True(await _uploads.CommitAsync(session, DigestOf(content), Token));
        await AssertStoredAsync(content);
    }

    [Theory]
    [InlineData(10, 25)]
    [InlineData(10, 11)]
    [InlineData(32, 33)]
    public async Task Content_of_known_length_goes_in_parts_of_one_size_so_that_nothing_rests(int partMegabytes, int megabytes)
    {
        const int Megabyte = 1024 * 1024;
        byte[] content = new byte[(megabytes * Megabyte) + 1];
        using var buffers = new PartBuffers(partMegabytes * Megabyte, 2);
        await using var uploads = new UploadStore(
            _store, new BlobStore(new ContentStore(_store), new LinkStore(_store), _descriptors), buffers, _time, NullLogger<UploadStore>.Instance);
        UploadSession session = (await uploads.BeginHereAsync(Name, null))!;

        await uploads.AppendAsync(session, PipeReader.Create(new MemoryStream(content)), content.Length, null, Token);
        await session.Writer!.SettleAsync(Token);

        IReadOnlyList<WrittenPart> parts = session.Writer.Progress!.Parts;
        Assert.Equal((0, 0, content.Length), (session.Writer.Resting, session.Writer.Held.Length, parts.Sum(p => p.Size)));
        Assert.Equal((content.Length + (partMegabytes * Megabyte) - 1) / (partMegabytes * Megabyte), parts.Count);
        Assert.InRange(parts.Max(p => p.Size) - parts.Min(p => p.Size), 0, parts.Count);
        Assert.All(parts, p => Assert.InRange(p.Size, 5 * Megabyte, partMegabytes * Megabyte));
    }

    [Theory]
    [InlineData("BeginAsync")]
    [InlineData("PartAsync")]
    public async Task Append_that_the_store_fails_drops_the_upload_and_gives_every_buffer_back(string method)
    {
        UploadSession session = await BeginAsync();
        _store.Fail(StoreFailure.Unavailable, method);

        await Assert.ThrowsAsync<StoreException>(() => AppendAsync(session, TestContent.Bytes(20 * PartSize)));

        Assert.Null(_uploads.FindHere(Name, session.Id));
        await AssertAllBuffersFreeAsync();
        Assert.Empty(await _inner.KeysAsync());
    }

    [Theory]
    [InlineData("PartAsync")]
    [InlineData("CompleteAsync")]
    [InlineData("StatAsync")]
    [InlineData("CopyAsync")]
    [InlineData("WriteAsync")]
    public async Task Commit_that_the_store_fails_drops_the_upload_and_leaves_nothing_that_can_be_read(string method)
    {
        byte[] content = TestContent.Bytes((2 * PartSize) + 1);
        UploadSession session = await BeginAsync();
        await AppendAsync(session, content);
        _store.Fail(StoreFailure.Unavailable, method);

        await Assert.ThrowsAsync<StoreException>(() => _uploads.CommitAsync(session, DigestOf(content), Token));

        Assert.Null(_uploads.FindHere(Name, session.Id));
        Assert.DoesNotContain(await _inner.KeysAsync(), k => k.Contains("_layers", StringComparison.Ordinal) || k.Contains("_uploads", StringComparison.Ordinal));
        await AssertAllBuffersFreeAsync();
    }

    [Fact]
    public async Task Commit_of_a_blob_that_is_there_keeps_it_and_links_it()
    {
        byte[] content = TestContent.Bytes((3 * PartSize) + 1);
        foreach (bool announced in (bool[])[false, true, true, false])
        {
            UploadSession session = await BeginAsync();
            await AppendAsync(session, content, announced ? DigestOf(content) : null);
            Assert.True(await _uploads.CommitAsync(session, DigestOf(content), Token));
        }

        await AssertStoredAsync(content);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        long before;
        while ((before = Interlocked.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, before) != before)
        {
        }
    }

    private static async Task SendAllAsync(Pipe[] bodies, byte[] content)
    {
        foreach (Pipe body in bodies)
        {
            await body.Writer.WriteAsync(content, Token);
        }
    }

    private static Digest DigestOf(byte[] content) => Digest.Of(DigestAlgorithm.Sha256, content);

    private async Task<UploadSession> BeginAsync() => (await _uploads.BeginHereAsync(Name, null))!;

    private async Task<List<UploadSession>> OpenAsync(int count)
    {
        var open = new List<UploadSession>();
        for (int i = 0; i < count; i++)
        {
            open.Add(await BeginAsync());
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        return open;
    }

    private Task<AppendOutcome> AppendAsync(UploadSession session, byte[] content, Digest? expected = null) =>
        _uploads.AppendAsync(session, PipeReader.Create(new MemoryStream(content)), null, expected, Token);

    /// <summary>The blob and its link, and nothing else, are in the store.</summary>
    private async Task AssertStoredAsync(byte[] content)
    {
        Digest digest = DigestOf(content);
        Assert.Equal([KeyLayout.BlobData(digest), KeyLayout.LayerLink(Name, digest)], await _inner.KeysAsync());
        await using ObjectContent? stored = await _inner.OpenAsync(KeyLayout.BlobData(digest), 0, null, Token);
        byte[] read = new byte[stored!.Size];
        await stored.Stream.ReadExactlyAsync(read, Token);
        Assert.Equal(content, read);
    }

    private async Task AssertAllBuffersFreeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var rented = new List<byte[]>();
        for (int i = 0; i < BufferCount; i++)
        {
            rented.Add(await _buffers.RentAsync(deadline.Token));
        }

        rented.ForEach(_buffers.Return);
    }
}
