using System.Collections.Concurrent;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>
/// Knows how many nodes have been without a pod for long. Which nodes those are nobody tells, only how many; while pods are replaced some are
/// always without one, each for a moment. So what counts is the fewest that there were at any time.
/// </summary>
internal sealed class MissingPods
{
    private readonly ConcurrentDictionary<string, Window> _windows = new();

    /// <summary>How many nodes have had none for all of <see cref="ProofSchedule.Patience"/> at least.</summary>
    /// <param name="owner">The uid of the resource.</param>
    /// <param name="missing">How many have none now.</param>
    /// <param name="now">The time.</param>
    public int Long(string owner, int missing, DateTimeOffset now)
    {
        Window last = _windows.GetValueOrDefault(owner, new Window(now, missing, 0));
        var window = new Window(last.Since, Math.Min(last.Fewest, missing), Math.Min(last.Long, missing));
        if (window.Fewest == 0)
        {
            window = new Window(now, missing, 0);
        }
        else if (now - window.Since >= ProofSchedule.Patience)
        {
            window = new Window(now, missing, window.Fewest);
        }

        _windows[owner] = window;
        return window.Long;
    }

    /// <summary>Forgets a resource that is gone.</summary>
    public void Forget(string owner) => _windows.TryRemove(owner, out _);

    private readonly record struct Window(DateTimeOffset Since, int Fewest, int Long);
}
