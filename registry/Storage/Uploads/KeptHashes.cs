using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>
/// The hashes of uploads that lie in the store, kept by the process that has seen all their bytes. A hash cannot be written down; a process without
/// it reads the bytes back when the upload closes.
/// </summary>
internal sealed class KeptHashes(TimeProvider time) : IDisposable
{
    private const int Maximum = 64;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Keeps the hash of all bytes of a state; the one unused longest makes room.</summary>
    public void Keep(string id, Guid revision, IncrementalHash hash)
    {
        if (_entries.Count >= Maximum && _entries.MinBy(e => e.Value.LastUsed) is { Key: { } oldest })
        {
            Drop(oldest);
        }

        Drop(id);
        _entries[id] = new Entry(revision, hash, time.GetTimestamp());
    }

    /// <summary>Hands a hash over; null if that of exactly this state is not here.</summary>
    public IncrementalHash? Take(string id, Guid revision)
    {
        if (!_entries.TryRemove(id, out Entry? entry))
        {
            return null;
        }

        if (entry.Revision == revision)
        {
            return entry.Hash;
        }

        // Another process has gone on with the upload.
        entry.Hash.Dispose();
        return null;
    }

    /// <summary>Drops those that nobody has asked for in a while.</summary>
    public void DropIdle(TimeSpan timeout)
    {
        foreach ((string id, _) in _entries.Where(e => time.GetElapsedTime(e.Value.LastUsed) > timeout))
        {
            Drop(id);
        }
    }

    public void Drop(string id)
    {
        if (_entries.TryRemove(id, out Entry? entry))
        {
            entry.Hash.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (string id in _entries.Keys)
        {
            Drop(id);
        }
    }

    private sealed record Entry(Guid Revision, IncrementalHash Hash, long LastUsed);
}
