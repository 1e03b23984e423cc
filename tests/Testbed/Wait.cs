using System.Diagnostics;

namespace LocalRegistry.Testbed;

/// <summary>Waits for a state that comes by itself, by looking again and again.</summary>
public static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Observes until what is seen is as expected, and returns that.</summary>
    /// <param name="description">What is waited for, as the end of the sentence "waited for ...".</param>
    /// <param name="observe">Looks once. An exception counts as a state that is not the expected one.</param>
    /// <param name="expected">Whether what was seen is what is waited for.</param>
    /// <param name="deadline">How long to wait at most.</param>
    /// <param name="ct">Ends the wait early.</param>
    /// <exception cref="TimeoutException">The deadline passed; the message holds what was seen last.</exception>
    public static async Task<T> UntilAsync<T>(
        string description, Func<CancellationToken, Task<T>> observe, Predicate<T> expected, TimeSpan deadline, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            object? seen;
            Exception? failure = null;
            try
            {
                var value = await observe(ct);
                if (expected(value))
                {
                    return value;
                }

                seen = value;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // A server that does not answer yet is what a wait is for.
                failure = e;
                seen = $"{e.GetType().Name}: {e.Message}";
            }

            if (clock.Elapsed >= deadline)
            {
                throw new TimeoutException($"waited {deadline.TotalSeconds:0} s for {description}; seen last: {seen ?? "nothing"}", failure);
            }

            await Task.Delay(Pause, ct);
        }
    }

    /// <summary>Waits until a condition holds; the condition says with it what it saw.</summary>
    /// <inheritdoc cref="UntilAsync{T}(string, Func{CancellationToken, Task{T}}, Predicate{T}, TimeSpan, CancellationToken)"/>
    public static Task UntilAsync(
        string description, Func<CancellationToken, Task<(bool Holds, string Seen)>> condition, TimeSpan deadline, CancellationToken ct) =>
        UntilAsync(description, condition, state => state.Holds, deadline, ct);
}
