using System.Globalization;
using System.Text;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Hosting;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Uploads;
using LocalRegistry.Registry.Tests.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class UploadPurgeTests : IDisposable
{
    private const string Repositories = "docker/registry/v2/repositories/";
    private const string Blob = "docker/registry/v2/blobs/sha256/ab/abcd/data";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 10, 11, 0, 0, TimeSpan.Zero));
    private readonly LogRecorder _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly InMemoryStore _inner;
    private readonly FaultyStore _store;

    public UploadPurgeTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _inner = new InMemoryStore(_time);
        _store = new FaultyStore(_inner);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _loggers.Dispose();
        _inner.Dispose();
    }

    [Fact]
    public async Task Uploads_that_began_long_ago_are_removed_whole_whoever_began_them()
    {
        await WriteAsync("app/_uploads/1/startedat", "2026-01-03T10:59:59Z");
        await WriteAsync("app/_uploads/1/state/0000000001", "{}");
        await WriteAsync("app/_uploads/1/hashstates/sha256/0", "x");
        await WriteAsync("deep/er/app/_uploads/2/startedat", "2026-01-03T12:59:59+02:00");
        await WriteAsync("deep/er/app/_uploads/2/data", "x");

        await Purge().RunAsync(Token);

        Assert.Empty(await _inner.KeysAsync());
    }

    [Theory]
    [InlineData("2026-01-03T11:00:00Z")]
    [InlineData("2026-01-03T10:59:59-01:00")]
    [InlineData("2026-01-10T11:00:00Z")]
    [InlineData("2027-01-01T00:00:00Z")]
    [InlineData("once upon a time")]
    [InlineData("")]
    public async Task Uploads_that_are_young_or_do_not_say_when_they_began_stay(string startedAt)
    {
        await WriteAsync("app/_uploads/1/startedat", startedAt);
        await WriteAsync("app/_uploads/1/data", "x");

        await Purge().RunAsync(Token);

        Assert.Equal(2, (await _inner.KeysAsync()).Count);
    }

    [Fact]
    public async Task Nothing_but_uploads_is_removed()
    {
        string old = "2020-01-01T00:00:00Z";
        foreach (string key in (string[])[
            "app/_uploads/1/data", "app/_layers/startedat", "app/_manifests/tags/_uploads/1/startedat", "_check/_uploads/1/startedat", "UPPER/_uploads/1/startedat"])
        {
            await WriteAsync(key, old);
        }

        List<string> before = await _inner.KeysAsync();
        await Purge().RunAsync(Token);

        Assert.Equal(before, await _inner.KeysAsync());
    }

    [Fact]
    public async Task Parts_that_nobody_completed_are_removed_wherever_they_would_have_lain()
    {
        await BeginAsync(Blob);
        await BeginAsync($"{Repositories}app/_uploads/1/data");
        await BeginAsync("elsewhere/docker/registry/v2/blobs/data");
        _time.Advance(TimeSpan.FromHours(168) - TimeSpan.FromSeconds(1));
        await BeginAsync($"{Repositories}app/_uploads/young/data");

        await Purge().RunAsync(Token);
        List<string> tooEarly = await UnfinishedAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        await Purge().RunAsync(Token);

        Assert.Equal(4, tooEarly.Count);
        Assert.Equal([$"{Repositories}app/_uploads/young/data", "elsewhere/docker/registry/v2/blobs/data"], await UnfinishedAsync());
    }

    [Fact]
    public async Task Parts_of_an_upload_that_is_removed_go_with_it()
    {
        await WriteAsync("app/_uploads/1/startedat", "2026-01-03T10:00:00Z");
        await BeginAsync($"{Repositories}app/_uploads/1/data");
        await BeginAsync($"{Repositories}app/_uploads/11/data");

        await Purge().RunAsync(Token);

        Assert.Equal([$"{Repositories}app/_uploads/11/data"], await UnfinishedAsync());
    }

    [Fact]
    public async Task Dry_run_says_what_would_go_and_removes_nothing()
    {
        await WriteAsync("app/_uploads/1/startedat", "2026-01-01T00:00:00Z");
        await BeginAsync(Blob);
        _time.Advance(TimeSpan.FromHours(200));

        await Purge(new UploadPurgingConfiguration { DryRun = true }).RunAsync(Token);

        Assert.Single(await _inner.KeysAsync());
        Assert.Equal([Blob], await UnfinishedAsync());
        Assert.Contains(_log.Texts, t => t.Contains("app/_uploads/1/", StringComparison.Ordinal));
        Assert.Contains(_log.Texts, t => t.Contains(Blob, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Store_that_refuses_the_list_of_parts_is_told_of_with_the_right_that_is_missing_and_folders_are_removed()
    {
        await WriteAsync("app/_uploads/1/startedat", "2026-01-01T00:00:00Z");
        _store.Fail(StoreFailure.Denied, nameof(IObjectStore.ListUnfinishedAsync));

        await Purge().RunAsync(Token);

        Assert.Empty(await _inner.KeysAsync());
        Assert.Contains(_log.Texts, t => t.Contains("s3:ListBucketMultipartUploads", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(IObjectStore.ListAsync))]
    [InlineData(nameof(IObjectStore.OpenAsync))]
    [InlineData(nameof(IObjectStore.DeleteFolderAsync))]
    [InlineData(nameof(IObjectStore.ListUnfinishedAsync))]
    [InlineData(nameof(IObjectStore.AbortAsync))]
    public async Task Store_that_fails_is_told_of_and_asked_again_the_next_time(string method)
    {
        await WriteAsync("app/_uploads/1/startedat", "2026-01-01T00:00:00Z");
        await BeginAsync(Blob);
        _time.Advance(TimeSpan.FromHours(200));
        _store.Fail(StoreFailure.Unavailable, method);

        await Purge().RunAsync(Token);
        bool told = _log.Texts.Any(t => t.Contains("could not all be purged", StringComparison.Ordinal));
        _store.Before = _ => Task.CompletedTask;
        await Purge().RunAsync(Token);

        Assert.True(told);
        Assert.Empty(await _inner.KeysAsync());
        Assert.Empty(await UnfinishedAsync());
    }

    [Fact]
    public async Task One_of_many_registries_has_its_turn_in_each_interval()
    {
        UploadPurging[] registries = [Purging(), Purging(), Purging()];
        var turns = new List<int>();
        for (int interval = 0; interval < 3; interval++)
        {
            bool[] inThis = await Task.WhenAll(registries.Concat(registries).Select(r => r.TurnAsync(Token)));
            turns.Add(inThis.Count(t => t));
            _time.Advance(TimeSpan.FromHours(24));
        }

        Assert.Equal([1, 1, 1], turns);
        Assert.Equal([$"{Repositories}_purge/86400-20260112T000000Z"], await _inner.KeysAsync());
        Array.ForEach(registries, r => r.Dispose());
    }

    [Fact]
    public async Task Registries_that_purge_at_another_pace_have_turns_of_their_own()
    {
        using UploadPurging daily = Purging();
        using UploadPurging hourly = Purging(new UploadPurgingConfiguration { Interval = TimeSpan.FromHours(1) });

        Assert.True(await daily.TurnAsync(Token));
        Assert.True(await hourly.TurnAsync(Token));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(await hourly.TurnAsync(Token));
        Assert.False(await daily.TurnAsync(Token));
    }

    [Fact]
    public async Task Store_that_does_not_tell_whose_turn_it_is_leaves_it_to_the_next_interval()
    {
        using UploadPurging purging = Purging();
        _store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.WriteAsync));

        Assert.False(await purging.TurnAsync(Token));
        _store.Before = _ => Task.CompletedTask;
        Assert.True(await purging.TurnAsync(Token));
    }

    [Fact]
    public async Task Registry_purges_at_every_interval_from_its_start_on()
    {
        using UploadPurging purging = Purging();
        await purging.StartAsync(Token);
        foreach (int round in (int[])[1, 2, 3])
        {
            await WriteAsync("app/_uploads/1/startedat", _time.GetUtcNow().AddDays(-8).ToString("O", CultureInfo.InvariantCulture));
            await Eventually.HoldsAsync(
                async () =>
                {
                    _time.Advance(TimeSpan.FromMinutes(30));
                    return !(await _inner.KeysAsync()).Exists(k => k.Contains("_uploads", StringComparison.Ordinal));
                },
                $"what was abandoned before round {round} is gone");
        }

        await purging.StopAsync(Token);
    }

    private UploadPurge Purge(UploadPurgingConfiguration? configuration = null) =>
        new(_store, configuration ?? new UploadPurgingConfiguration(), _time, _loggers.CreateLogger<UploadPurge>());

    private UploadPurging Purging(UploadPurgingConfiguration? configuration = null) => new(
        _store, Purge(configuration), configuration ?? new UploadPurgingConfiguration(), _time, _loggers.CreateLogger<UploadPurging>());

    private Task<bool> WriteAsync(string key, string text) =>
        _inner.WriteAsync(Repositories + key, Encoding.ASCII.GetBytes(text), onlyIfAbsent: false, Token);

    private async Task BeginAsync(string key)
    {
        await using IPartWriter parts = await _inner.BeginAsync(key, Token);
        await parts.WriteAsync(1, new byte[10], Token);
        parts.Leave();
    }

    private async Task<List<string>> UnfinishedAsync()
    {
        var keys = new List<string>();
        await foreach (UnfinishedObject unfinished in _inner.ListUnfinishedAsync("", Token))
        {
            keys.Add(unfinished.Key);
        }

        keys.Sort(StringComparer.Ordinal);
        return keys;
    }
}
