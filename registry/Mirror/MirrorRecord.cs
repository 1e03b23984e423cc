using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror;

/// <summary>
/// Remembers how often and when last the registry was asked for images of the hosts that it stands in for: nobody need ask whether the node's
/// runtime pulls through it. It has one entry for each of <c>mirrors.yml</c>, whatever clients ask for.
/// </summary>
internal sealed class MirrorRecord(MirrorTable table, TimeProvider time)
{
    private readonly FrozenDictionary<ImageHost, Entry> _entries = table.Entries.ToFrozenDictionary(h => h, _ => new Entry());

    /// <summary>How many requests there were for each entry.</summary>
    public IEnumerable<KeyValuePair<string, long>> Requests =>
        table.Entries.Select(host => KeyValuePair.Create(host.Value, Interlocked.Read(ref _entries[host].Requests)));

    /// <summary>Counts a request.</summary>
    public void Add(MirroredHost host)
    {
        Entry entry = _entries[host.Entry];
        Interlocked.Increment(ref entry.Requests);
        Interlocked.Exchange(ref entry.Last, time.GetUtcNow().UtcTicks);
    }

    /// <summary>Writes it as the members <c>hosts</c> and, if there was a request, <c>last</c>. Times are in UTC, to the second.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        long last = 0;
        json.WriteStartObject("hosts");
        foreach (ImageHost host in table.Entries)
        {
            Entry entry = _entries[host];
            long lastOfHost = Interlocked.Read(ref entry.Last);
            json.WriteStartObject(host.Value);
            json.WriteNumber("requests", Interlocked.Read(ref entry.Requests));
            WriteTime(json, lastOfHost);
            json.WriteEndObject();
            last = Math.Max(last, lastOfHost);
        }

        json.WriteEndObject();
        WriteTime(json, last);
    }

    private static void WriteTime(Utf8JsonWriter json, long ticks)
    {
        if (ticks > 0)
        {
            json.WriteString("last", new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        }
    }

    private sealed class Entry
    {
        public long Requests;
        public long Last;
    }
}
