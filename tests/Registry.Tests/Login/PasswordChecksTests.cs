using LocalRegistry.Registry.Login;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Login;

public sealed class PasswordChecksTests : IDisposable
{
    /// <summary>Of "a", as other programs make it.</summary>
    private const string Hash = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";

    private readonly FakeTimeProvider _time = new();
    private readonly PasswordChecks _checks;
    private readonly HtpasswdUsers _users = HtpasswdUsers.Parse($"ana:{Hash}\nbob:{Hash.Replace("$2a$", "$2y$", StringComparison.Ordinal)}", [])!;

    public PasswordChecksTests() => _checks = new PasswordChecks(_time);

    [Theory]
    [InlineData("ana", "a", true)]
    [InlineData("bob", "a", true)]
    [InlineData("ana", "b", false)]
    [InlineData("ana", "", false)]
    [InlineData("ana", "A", false)]
    [InlineData("Ana", "a", false)]
    [InlineData("carl", "a", false)]
    [InlineData("", "", false)]
    [InlineData("ana", "p\u00e4ssword of a great many characters, more than the seventy-two bytes that bcrypt looks at", false)]
    public async Task Run_says_whether_the_password_is_the_users(string user, string password, bool right) =>
        Assert.Equal(right ? PasswordVerdict.Right : PasswordVerdict.Wrong, await RunAsync(user, password));

    [Fact]
    public async Task Run_remembers_what_was_right_for_some_minutes()
    {
        await RunAsync("ana", "a");
        _time.Advance(PasswordChecks.Remembered - TimeSpan.FromSeconds(1));
        Assert.Equal(PasswordVerdict.Right, await RunAsync("ana", "a"));
        int before = _checks.Verifications;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(PasswordVerdict.Right, await RunAsync("ana", "a"));

        Assert.Equal((1, 2), (before, _checks.Verifications));
    }

    [Fact]
    public async Task Run_remembers_nothing_that_was_wrong_and_nothing_for_others()
    {
        await RunAsync("ana", "a");

        Assert.Equal(PasswordVerdict.Wrong, await RunAsync("ana", "b"));
        Assert.Equal(PasswordVerdict.Wrong, await RunAsync("ana", "b"));
        Assert.Equal(PasswordVerdict.Wrong, await RunAsync("carl", "a"));
        Assert.Equal(4, _checks.Verifications);
    }

    [Fact]
    public async Task Run_with_another_hash_in_the_file_looks_anew()
    {
        await RunAsync("ana", "a");
        HtpasswdUsers changed = HtpasswdUsers.Parse($"ana:{BCrypt.Net.BCrypt.HashPassword("b", 4)}", [])!;

        Assert.Equal(PasswordVerdict.Wrong, await _checks.RunAsync(changed, "ana", "a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_of_many_at_once_puts_a_password_to_work_once_and_turns_away_what_is_too_much()
    {
        using var go = new ManualResetEventSlim();
        using var checks = new PasswordChecks(_time, (_, _) =>
        {
            go.Wait(TestContext.Current.CancellationToken);
            return true;
        });
        Task<PasswordVerdict> Run(string password) => checks.RunAsync(_users, "ana", password, TestContext.Current.CancellationToken);

        Task<PasswordVerdict>[] working = [.. Enumerable.Range(0, PasswordChecks.Concurrent).Select(_ => Task.Run(() => Run("a")))];
        await Eventually.HoldsAsync(() => Task.FromResult(checks.Verifications == PasswordChecks.Concurrent), "as many are at work as may be");
        Task<PasswordVerdict>[] waiting = [.. Enumerable.Range(0, PasswordChecks.MaximumWaiting).Select(_ => Run("a"))];
        PasswordVerdict beyond = await Run("a");
        bool allWait = waiting.All(w => !w.IsCompleted);
        go.Set();

        Assert.Equal((PasswordVerdict.Busy, true), (beyond, allWait));
        Assert.All(await Task.WhenAll([.. working, .. waiting]), verdict => Assert.Equal(PasswordVerdict.Right, verdict));
        Assert.Equal(PasswordChecks.Concurrent, checks.Verifications);
    }

    [Fact]
    public async Task Run_remembers_a_bounded_number()
    {
        using var checks = new PasswordChecks(_time, (_, _) => true);
        for (int n = 0; n <= PasswordChecks.MaximumRemembered; n++)
        {
            await checks.RunAsync(_users, "ana", $"{n}", TestContext.Current.CancellationToken);
        }

        await checks.RunAsync(_users, "ana", $"{PasswordChecks.MaximumRemembered}", TestContext.Current.CancellationToken);
        int known = checks.Verifications;
        await checks.RunAsync(_users, "ana", "0", TestContext.Current.CancellationToken);

        Assert.Equal((PasswordChecks.MaximumRemembered + 1, PasswordChecks.MaximumRemembered + 2), (known, checks.Verifications));
    }

    public void Dispose() => _checks.Dispose();

    private Task<PasswordVerdict> RunAsync(string user, string password) => _checks.RunAsync(_users, user, password, TestContext.Current.CancellationToken);
}
