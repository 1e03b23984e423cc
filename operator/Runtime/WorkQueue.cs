namespace LocalRegistry.Operator.Runtime;

/// <summary>
/// Keys that wait to be reconciled. A key stands in it at most once; one that is added while it is being worked on comes back when that work is
/// done, so that a key is never worked on twice at once and no change is missed.
/// </summary>
internal sealed class WorkQueue<TKey>(TimeProvider time) : IDisposable
    where TKey : struct
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LastDelay = TimeSpan.FromMinutes(5);

    // Timers take no more than some weeks; whoever is woken early can ask again.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly LinkedList<TKey> _ready = [];
    private readonly HashSet<TKey> _dirty = [];
    private readonly HashSet<TKey> _working = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly Dictionary<TKey, Wake> _waiting = [];
    private readonly SemaphoreSlim _available = new(0);

    /// <summary>How many keys could be taken right now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _ready.Count;
            }
        }
    }

    /// <summary>Adds a key, unless it waits already.</summary>
    public void Add(TKey key)
    {
        lock (_lock)
        {
            if (_dirty.Add(key) && !_working.Contains(key))
            {
                Enqueue(key);
            }
        }
    }

    /// <summary>Adds a key after a while. Of several such calls the earliest counts: whoever is woken early can ask again.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        delay = delay < LongestDelay ? delay : LongestDelay;
        lock (_lock)
        {
            DateTimeOffset due = time.GetUtcNow() + delay;
            if (_waiting.TryGetValue(key, out Wake? wake))
            {
                if (wake.Due <= due)
                {
                    return;
                }

                wake.Timer.Dispose();
            }

            _waiting[key] = new Wake(due, time.CreateTimer(_ => Awake(key, due), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    /// <summary>Adds a key after a delay that doubles with every failure.</summary>
    public void AddAfterFailure(TKey key)
    {
        int failures;
        lock (_lock)
        {
            failures = _failures[key] = _failures.GetValueOrDefault(key) + 1;
        }

        AddAfter(key, Backoff.After(failures, FirstDelay, LastDelay));
    }

    /// <summary>Forgets a key's failures.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
        {
            _failures.Remove(key);
        }
    }

    /// <summary>Takes the next key, waiting for one. Whoever takes it must call <see cref="Done"/>.</summary>
    public async Task<TKey> TakeAsync(CancellationToken cancel)
    {
        await _available.WaitAsync(cancel);
        lock (_lock)
        {
            TKey key = _ready.First!.Value;
            _ready.RemoveFirst();
            _dirty.Remove(key);
            _working.Add(key);
            return key;
        }
    }

    /// <summary>Ends the work on a key; if it was added meanwhile, it waits again.</summary>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            _working.Remove(key);
            if (_dirty.Contains(key))
            {
                Enqueue(key);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Wake wake in _waiting.Values)
            {
                wake.Timer.Dispose();
            }

            _waiting.Clear();
        }

        _available.Dispose();
    }

    private void Enqueue(TKey key)
    {
        _ready.AddLast(key);
        _available.Release();
    }

    private void Awake(TKey key, DateTimeOffset due)
    {
        lock (_lock)
        {
            // A timer that was replaced may still fire once.
            if (!_waiting.TryGetValue(key, out Wake? wake) || wake.Due != due)
            {
                return;
            }

            wake.Timer.Dispose();
            _waiting.Remove(key);
            if (_dirty.Add(key) && !_working.Contains(key))
            {
                Enqueue(key);
            }
        }
    }

    private sealed record Wake(DateTimeOffset Due, ITimer Timer);
}
