using Xunit;

namespace LocalRegistry.Registry.Tests;

/// <summary>Waits for what another thread or process will bring about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Asks again and again until the answer is yes; fails the test once the deadline has passed.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            try
            {
                await pause.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within {Deadline}: {what}");
            }
        }
    }
}
