using System.Diagnostics;

namespace LocalRegistry.Benchmarks.Store;

/// <summary>Keeps one direction of a connection at its rate.</summary>
internal sealed class Pace(double bytesPerSecond)
{
    // A timer cannot wait for less, and what it oversleeps is made up for.
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan CatchUp = TimeSpan.FromMilliseconds(10);

    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _due;

    /// <summary>Waits until so many more bytes may have passed.</summary>
    public async ValueTask PassAsync(int bytes)
    {
        TimeSpan now = Stopwatch.GetElapsedTime(_start);
        _due = (_due < now - CatchUp ? now : _due) + TimeSpan.FromSeconds(bytes / bytesPerSecond);
        if (_due - now > Grain)
        {
            await Task.Delay(_due - now);
        }
    }
}
