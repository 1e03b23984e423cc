using System.IO.Pipelines;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Uploads;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class UploadStoreTests : UploadBed
{
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
        await session.Writer!.SettleAsync();

        IReadOnlyList<WrittenPart> parts = session.Writer.Progress!.Parts;
        Assert.Equal((0, 0, content.Length), (session.Writer.Resting, session.Writer.Held.Length, parts.Sum(p => p.Size)));
        Assert.Equal((content.Length + (partMegabytes * Megabyte) - 1) / (partMegabytes * Megabyte), parts.Count);
        Assert.InRange(parts.Max(p => p.Size) - parts.Min(p => p.Size), 0, parts.Count);
        Assert.All(parts, p => Assert.InRange(p.Size, 5 * Megabyte, partMegabytes * Megabyte));
    }

    [Theory]
    [InlineData("BeginAsync")]
    [InlineData("PartAsync")]
    public async Task Bytes_are_taken_while_the_store_is_busy_with_the_part_before(string method)
    {
        byte[] content = TestContent.Bytes(2 * PartSize);
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Before = called => called == method ? busy.Task : Task.CompletedTask;
        UploadSession session = await BeginAsync();

        AppendOutcome outcome = await AppendAsync(session, content).WaitAsync(TimeSpan.FromSeconds(30), Token);
        busy.SetResult();

        Assert.Equal((AppendOutcome.Taken, content.Length), (outcome, session.Offset));
        Assert.True(await _uploads.CommitAsync(session, DigestOf(content), Token));
        await AssertStoredAsync(content);
        await AssertAllBuffersFreeAsync();
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
    [InlineData("BeginAsync")]
    [InlineData("PartAsync")]
    [InlineData("CompleteAsync")]
    [InlineData("StatAsync")]
    [InlineData("CopyAsync")]
    [InlineData("WriteAsync")]
    public async Task Commit_that_the_store_fails_drops_the_upload_and_leaves_nothing_that_can_be_read(string method)
    {
        byte[] content = TestContent.Bytes((2 * PartSize) + 1);
        UploadSession session = await BeginAsync();
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Before = async called =>
        {
            await (called is "BeginAsync" or "PartAsync" ? taken.Task : Task.CompletedTask);
            if (called == method)
            {
                throw FaultyStore.Failure();
            }
        };
        await AppendAsync(session, content);
        taken.SetResult();

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
}
