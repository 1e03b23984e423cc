using System.Text;

namespace LocalRegistry.Registry.Cache;

/// <summary>The node's records, on the disk of its cache.</summary>
/// <param name="cache">The cache; while it is not open, there are none.</param>
/// <param name="store">Says which store they are of: a folder may have served another before.</param>
internal sealed class DiskRecords(DiskCache cache, string store) : INodeRecords
{
    /// <summary>The most bytes of a key.</summary>
    private const int MaximumKeyLength = 2048;

    public byte[]? Read(string key) => cache.Entries?.ReadRecord(NameOf(key));

    public void Write(string key, ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, INodeRecords.MaximumLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(key), MaximumKeyLength, nameof(key));
        cache.Entries?.WriteRecord(NameOf(key), value);
    }

    public void Remove(string key) => cache.Entries?.RemoveRecord(NameOf(key));

    private string NameOf(string key) => $"{store} {key}";
}
