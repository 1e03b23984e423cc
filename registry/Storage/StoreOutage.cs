namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Remembers that the store was away a moment ago, so that those who can do without it need not each wait until it fails again. One of them at a
/// time goes on asking.
/// </summary>
internal sealed class StoreOutage(TimeProvider time)
{
    /// <summary>How long a failure is news.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    /// <summary>From one question to the next while the store is away; as long as one waits.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // The timestamp of the last failure, or of the last question since then; 0 while all is well.
    private long _failed;

    /// <summary>Whether a caller that can do without the store is to ask it.</summary>
    public bool ShouldAsk()
    {
        long failed = Volatile.Read(ref _failed);
        if (failed == 0 || time.GetElapsedTime(failed) >= Lifetime)
        {
            return true;
        }

        return time.GetElapsedTime(failed) >= Pause && Interlocked.CompareExchange(ref _failed, time.GetTimestamp(), failed) == failed;
    }

    /// <summary>Says that the store has answered, whatever it said.</summary>
    public void Answered() => Volatile.Write(ref _failed, 0);

    /// <summary>Says that the store could not be asked.</summary>
    public void Failed() => Volatile.Write(ref _failed, time.GetTimestamp());
}
