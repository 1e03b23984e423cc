using System.Text;

namespace LocalRegistry.Registry.Cache;

/// <summary>The node's records, on the disk of its cache.</summary>
/// <param name="cache">The cache; while it is not open, there are none.</param>
internal sealed class DiskRecords(DiskCache cache) : INodeRecords
{
    /// <summary>The most bytes of a key.</summary>
    private const int MaximumKeyLength = 2048;

    public byte[]? Read(string key) => cache.Entries?.ReadRecord(key);

    public void Write(string key, ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, INodeRecords.MaximumLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(key), MaximumKeyLength, nameof(key));
        cache.Entries?.WriteRecord(key, value);
    }

    public void Remove(string key) => cache.Entries?.RemoveRecord(key);
}
