using System.IO.Pipelines;
using LocalRegistry.Registry.Storage.Uploads;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>How much of what is pushed is in memory, and who waits for whom.</summary>
public sealed class UploadMemoryTests : UploadBed
{
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
}
