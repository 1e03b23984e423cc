namespace LocalRegistry.Registry.Cache;

/// <summary>
/// Accounts for what lies in the cache: sizes, last uses, last verifications. What is there, the file system says; an entry that is known here and is
/// not there costs one attempt to open it. It takes some 60 bytes for each entry.
/// </summary>
internal sealed class CacheIndex
{
    /// <summary>The disk is given out in blocks of so many bytes.</summary>
    public const int BlockSize = 4096;

    /// <summary>How long an entry's last use may be known here alone.</summary>
    private const long Remembered = TimeSpan.TicksPerMinute;

    private readonly Lock _gate = new();
    private readonly Dictionary<EntryKey, Entry> _entries = [];
    private long _blocks;
    private volatile bool _isComplete;

    /// <summary>Whether all that lies on disk is known: what is not known then is not there.</summary>
    public bool IsComplete
    {
        get => _isComplete;
        set => _isComplete = value;
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The bytes that all entries take on disk.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _blocks * BlockSize;
            }
        }
    }

    /// <summary>The bytes that a file takes on disk.</summary>
    public static long OnDisk(long length) => (length + BlockSize - 1) / BlockSize * BlockSize;

    public bool Contains(EntryKey key)
    {
        lock (_gate)
        {
            return _entries.ContainsKey(key);
        }
    }

    /// <summary>Adds an entry, in place of the one that there was.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="length">The bytes of its file.</param>
    /// <param name="used">When it was used last.</param>
    /// <param name="verified">When its bytes were last seen to have their digest.</param>
    public void Set(EntryKey key, EntryKind kind, long length, DateTimeOffset used, DateTimeOffset verified)
    {
        lock (_gate)
        {
            Take(key);
            var entry = new Entry(kind, (uint)(OnDisk(length) / BlockSize), used.UtcTicks, (uint)Math.Max(0, verified.ToUnixTimeSeconds()));
            _entries.Add(key, entry);
            _blocks += entry.Blocks;
        }
    }

    /// <summary>Adds an entry that was found on disk, unless it is known already.</summary>
    /// <inheritdoc cref="Set"/>
    public void Found(EntryKey key, EntryKind kind, long length, DateTimeOffset used, DateTimeOffset verified)
    {
        lock (_gate)
        {
            if (!_entries.ContainsKey(key))
            {
                Set(key, kind, length, used, verified);
            }
        }
    }

    /// <summary>Says that an entry is used.</summary>
    /// <returns>Whether the file is to be told, so that it is known after a restart: once a minute at most.</returns>
    public bool Use(EntryKey key, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out Entry entry))
            {
                return false;
            }

            _entries[key] = entry with { Used = now.UtcTicks };
            return entry.Used / Remembered != now.UtcTicks / Remembered;
        }
    }

    /// <summary>Says that an entry's bytes were seen to have their digest.</summary>
    public void Verified(EntryKey key, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out Entry entry))
            {
                _entries[key] = entry with { VerifiedSeconds = (uint)now.ToUnixTimeSeconds() };
            }
        }
    }

    public void Remove(EntryKey key)
    {
        lock (_gate)
        {
            Take(key);
        }
    }

    /// <summary>Removes the entries that were not used for the longest time, until they are of so many bytes or none is left.</summary>
    public List<(EntryKey Key, EntryKind Kind, long Bytes)> TakeOldest(long bytes)
    {
        var taken = new List<(EntryKey, EntryKind, long)>();
        lock (_gate)
        {
            long[] uses = new long[_entries.Count];
            EntryKey[] keys = new EntryKey[_entries.Count];
            int count = 0;
            foreach ((EntryKey key, Entry entry) in _entries)
            {
                uses[count] = entry.Used;
                keys[count++] = key;
            }

            Array.Sort(uses, keys);
            for (int i = 0; i < count && bytes > 0; i++)
            {
                Entry entry = _entries[keys[i]];
                long size = (long)entry.Blocks * BlockSize;
                taken.Add((keys[i], entry.Kind, size));
                bytes -= size;
                Take(keys[i]);
            }
        }

        return taken;
    }

    /// <summary>Some of the content that was not verified since a moment, the longest unverified first.</summary>
    public List<(EntryKey Key, EntryKind Kind)> Unverified(DateTimeOffset since, int most)
    {
        long seconds = since.ToUnixTimeSeconds();
        var found = new List<(uint Verified, EntryKey Key, EntryKind Kind)>();
        lock (_gate)
        {
            foreach ((EntryKey key, Entry entry) in _entries)
            {
                if (entry.Kind != EntryKind.Record && entry.VerifiedSeconds <= seconds)
                {
                    found.Add((entry.VerifiedSeconds, key, entry.Kind));
                }
            }
        }

        return [.. found.OrderBy(f => f.Verified).Take(most).Select(f => (f.Key, f.Kind))];
    }

    private void Take(EntryKey key)
    {
        if (_entries.Remove(key, out Entry entry))
        {
            _blocks -= entry.Blocks;
        }
    }

    // The kind has the two lowest bits, so that an entry has 16 bytes; the blocks have room for 4 TiB.
    private readonly record struct Entry(uint KindAndBlocks, uint VerifiedSeconds, long Used)
    {
        public Entry(EntryKind kind, uint blocks, long used, uint verified)
            : this((blocks << 2) | (uint)kind, verified, used)
        {
        }

        public EntryKind Kind => (EntryKind)(KindAndBlocks & 3);

        public uint Blocks => KindAndBlocks >> 2;
    }
}
