using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>What is known of links while the store that has them is away.</summary>
public sealed class StaleLinkTests : IDisposable
{
    private const string Link = "tags/v1/link";

    private static readonly Digest First = Digest.Of(DigestAlgorithm.Sha256, [1]);
    private static readonly Digest Second = Digest.Of(DigestAlgorithm.Sha256, [2]);

    private readonly FakeTimeProvider _time = new();
    private readonly NodeRecordsFake _records = new();
    private readonly FaultyStore _store = new(new InMemoryStore());
    private readonly DescriptorCache _descriptors;
    private readonly LinkStore _links;

    public StaleLinkTests()
    {
        _descriptors = new DescriptorCache(100, time: _time);
        _links = Create(servesStale: true);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _descriptors.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task Store_that_is_away_is_stood_in_for_by_what_it_answered_last()
    {
        await WriteAsync(First);
        Assert.Equal(new LinkAnswer(First), await _links.ResolveAsync(Link, Token));
        await WriteAsync(Second);
        Assert.Equal(new LinkAnswer(Second), await _links.ResolveAsync(Link, Token));

        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.OpenAsync), nameof(IObjectStore.StatAsync));

        Assert.Equal(new LinkAnswer(Second, IsStale: true), await _links.ResolveAsync(Link, Token));
        Assert.Equal(new LinkAnswer(Second, IsStale: true), await _links.FindAsync(Link, Second, isForPush: true, Token));
    }

    [Fact]
    public async Task Link_of_which_nothing_is_known_fails_with_the_store()
    {
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.OpenAsync), nameof(IObjectStore.StatAsync));

        await Assert.ThrowsAsync<StoreException>(() => _links.ResolveAsync(Link, Token));
        await Assert.ThrowsAsync<StoreException>(() => _links.FindAsync(Link, First, isForPush: false, Token));
    }

    [Fact]
    public async Task Store_that_refuses_is_not_stood_in_for()
    {
        _records[Link] = First.ToString();
        _store.Fail(StoreFailure.Denied, nameof(IObjectStore.OpenAsync));

        Assert.Equal(StoreFailure.Denied, (await Assert.ThrowsAsync<StoreException>(() => _links.ResolveAsync(Link, Token))).Kind);
    }

    [Fact]
    public async Task Refusal_ends_an_outage_for_everybody()
    {
        await WriteAsync(First);
        _records[Link] = First.ToString();
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.OpenAsync));
        await AssertAsync(isStale: true, calls: 1);
        _time.Advance(StoreOutage.Pause);
        _store.Fail(StoreFailure.Denied, nameof(IObjectStore.OpenAsync));

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(StoreFailure.Denied, (await Assert.ThrowsAsync<StoreException>(() => _links.ResolveAsync(Link, Token))).Kind);
        }
    }

    [Fact]
    public async Task Nothing_stale_is_answered_if_it_may_not_be()
    {
        _records[Link] = First.ToString();
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.OpenAsync));

        await Assert.ThrowsAsync<StoreException>(() => Create(servesStale: false).ResolveAsync(Link, Token));
    }

    [Fact]
    public async Task Writers_never_get_a_stale_answer()
    {
        _records[Link] = First.ToString();
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.OpenAsync), nameof(IObjectStore.StatAsync));

        await Assert.ThrowsAsync<StoreException>(() => _links.ReadAsync(Link, Token));
        await Assert.ThrowsAsync<StoreException>(() => _links.ExistsAsync(Link, Token));
    }

    [Fact]
    public async Task Store_that_is_known_to_be_away_is_asked_by_one_at_a_time_until_it_is_back()
    {
        await WriteAsync(First);
        _records[Link] = First.ToString();
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.OpenAsync));

        await AssertAsync(isStale: true, calls: 1);
        await AssertAsync(isStale: true, calls: 0);
        _time.Advance(StoreOutage.Pause);
        await AssertAsync(isStale: true, calls: 1);
        await AssertAsync(isStale: true, calls: 0);
        _time.Advance(StoreOutage.Pause);
        _store.Before = _ => Task.CompletedTask;
        await AssertAsync(isStale: false, calls: 1);
        await AssertAsync(isStale: false, calls: 1);
    }

    [Fact]
    public async Task Store_that_does_not_answer_is_not_waited_for_long_by_who_knows_the_link()
    {
        await WriteAsync(First);
        _records[Link] = First.ToString();
        var asked = new TaskCompletionSource();
        _store.BeforeReading = (_, _) =>
        {
            asked.SetResult();
            return new TaskCompletionSource().Task;
        };

        Task<LinkAnswer> answer = _links.ResolveAsync(Link, Token);
        await asked.Task;
        Assert.False(answer.IsCompleted);
        _time.Advance(LinkRecords.Patience);

        Assert.Equal(new LinkAnswer(First, IsStale: true), await answer);
        await AssertAsync(isStale: true, calls: 0);
    }

    [Fact]
    public async Task Client_that_leaves_says_nothing_of_the_store()
    {
        await WriteAsync(First);
        _records[Link] = First.ToString();
        _store.BeforeReading = (_, _) => new TaskCompletionSource().Task;
        using var leaving = new CancellationTokenSource();

        Task<LinkAnswer> answer = _links.ResolveAsync(Link, leaving.Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        _store.BeforeReading = (_, _) => Task.CompletedTask;
        await AssertAsync(isStale: false, calls: 1);
    }

    [Fact]
    public async Task Link_that_the_store_does_not_have_any_more_is_forgotten()
    {
        _records[Link] = First.ToString();

        Assert.False((await _links.ResolveAsync(Link, Token)).Exists);

        Assert.Null(_records[Link]);
    }

    [Fact]
    public async Task Link_that_is_removed_or_written_here_is_forgotten_even_if_the_store_fails_meanwhile()
    {
        foreach (Func<Task> change in (Func<Task>[])[
            () => _links.RemoveAsync(Link, Token),
            () => _links.DeleteAsync(Link, Token),
            () => _links.WriteAsync(Link, Second, Token)])
        {
            await WriteAsync(First);
            _records[Link] = First.ToString();
            await change();
            Assert.Null(_records[Link]);

            await WriteAsync(First);
            _records[Link] = First.ToString();
            _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.DeleteAsync), nameof(IObjectStore.WriteAsync));
            await Assert.ThrowsAsync<StoreException>(change);
            Assert.Null(_records[Link]);
            _store.Before = _ => Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Answer_from_before_a_removal_is_not_recorded_after_it()
    {
        await WriteAsync(First);
        _store.AfterReading = (method, _) => method == nameof(IObjectStore.OpenAsync) ? _links.RemoveAsync(Link, Token) : Task.CompletedTask;

        Assert.Equal(First, (await _links.ResolveAsync(Link, Token)).Digest);

        Assert.Null(_records[Link]);
    }

    private LinkStore Create(bool servesStale) => new(_store, _descriptors, new LinkRecords(_records, _time, servesStale));

    private Task<bool> WriteAsync(Digest digest) =>
        _store.WriteAsync(Link, System.Text.Encoding.ASCII.GetBytes(digest.ToString()), onlyIfAbsent: false, Token);

    private async Task AssertAsync(bool isStale, int calls)
    {
        _store.Calls.Clear();
        Assert.Equal(new LinkAnswer(First, isStale), await _links.ResolveAsync(Link, Token));
        Assert.Equal(calls, _store.Calls.Count);
    }
}
