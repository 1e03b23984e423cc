using LocalRegistry.Registry.Telemetry;

namespace LocalRegistry.Registry.Cache;

/// <summary>
/// Holds the cache to its size, and leaves the rest of its file system what it is to have free. Room is made before anything is written; the entries
/// that go are those whose last use is the longest ago. One that is being read goes too: whoever has it open keeps its bytes.
/// </summary>
/// <param name="folder">Where the entries lie.</param>
/// <param name="index">What they are.</param>
/// <param name="settings">The sizes.</param>
/// <param name="metrics">Counts what goes; null for nobody.</param>
internal sealed class CacheSpace(CacheFolder folder, CacheIndex index, NodeCacheSettings settings, CacheMetrics? metrics)
{
    /// <summary>So much of the cache goes at once, as its share, so that room is not looked for with each entry.</summary>
    private const int Batch = 64;

    /// <summary>The share of its file system that is left free if nothing is said.</summary>
    private const int UsualFloor = 10;

    private readonly Lock _gate = new();
    private long _reserved;

    /// <summary>Makes room for a file before it is written.</summary>
    /// <param name="length">Its bytes.</param>
    /// <returns>False if there is none; else <see cref="Release"/> must follow.</returns>
    public bool Reserve(long length)
    {
        long bytes = CacheIndex.OnDisk(length);
        lock (_gate)
        {
            if (_reserved + bytes > settings.Size)
            {
                return false;
            }

            long over = index.Bytes + _reserved + bytes - settings.Size;
            if (over > 0)
            {
                Evict(over + (settings.Size / Batch));
            }

            if (!HasFree(bytes))
            {
                return false;
            }

            _reserved += bytes;
            return true;
        }
    }

    /// <summary>Ends a reservation: what was written is an entry now, or gone.</summary>
    public void Release(long length)
    {
        lock (_gate)
        {
            _reserved -= CacheIndex.OnDisk(length);
        }
    }

    /// <summary>Makes room if others have taken it, or if the cache is to be smaller than it was.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            long over = index.Bytes + _reserved - settings.Size;
            if (over > 0)
            {
                Evict(over);
            }

            long lacking = Lacking(0);
            // A disk that does not say how full it is asks for nothing.
            if (lacking is > 0 and < long.MaxValue)
            {
                Evict(lacking + (settings.Size / Batch));
            }
        }
    }

    private bool HasFree(long bytes)
    {
        long lacking = Lacking(bytes);
        if (lacking <= 0)
        {
            return true;
        }

        // Where others have taken the room, the cache's would not make up for it.
        if (lacking > index.Bytes)
        {
            return false;
        }

        Evict(lacking + (settings.Size / Batch));
        return Lacking(bytes) <= 0;
    }

    // How many bytes there are too few of. A disk that does not say counts as full.
    private long Lacking(long bytes)
    {
        try
        {
            (long free, long total) = folder.Space();
            return bytes + (settings.Free ?? total / UsualFloor) - free;
        }
        catch (Exception e) when (CacheFolder.IsDiskFailure(e))
        {
            return long.MaxValue;
        }
    }

    private void Evict(long bytes)
    {
        foreach ((EntryKey key, EntryKind kind, long size) in index.TakeOldest(bytes))
        {
            folder.Delete(key, kind);
            metrics?.Evicted(size);
        }
    }
}
