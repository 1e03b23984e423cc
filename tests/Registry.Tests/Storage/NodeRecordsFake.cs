using System.Collections.Concurrent;
using System.Text;
using LocalRegistry.Registry.Cache;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>A node's records in memory.</summary>
internal sealed class NodeRecordsFake : INodeRecords
{
    private readonly ConcurrentDictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    /// <summary>The value under a key as text; null if there is none.</summary>
    public string? this[string key]
    {
        get => _values.TryGetValue(key, out byte[]? value) ? Encoding.ASCII.GetString(value) : null;
        set => _values[key] = Encoding.ASCII.GetBytes(value!);
    }

    public byte[]? Read(string key) => _values.GetValueOrDefault(key);

    public void Write(string key, ReadOnlySpan<byte> value) => _values[key] = value.ToArray();

    public void Remove(string key) => _values.TryRemove(key, out _);
}
