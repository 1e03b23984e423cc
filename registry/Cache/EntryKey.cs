using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Cache;

/// <summary>
/// What the index knows an entry by: the first 32 bytes of a digest, or the complement of those of a record's key. Nobody can make two that are the
/// same; without the complement, content could be made that is a record's key.
/// </summary>
internal readonly record struct EntryKey
{
    /// <summary>Hexadecimal digits of a key.</summary>
    private const int HexLength = 2 * Size;

    private const int Size = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private EntryKey(ReadOnlySpan<byte> hash, ulong mask)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(hash) ^ mask;
        _b = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]) ^ mask;
        _c = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]) ^ mask;
        _d = BinaryPrimitives.ReadUInt64BigEndian(hash[24..]) ^ mask;
    }

    /// <summary>The key of content.</summary>
    public static EntryKey Of(Digest digest)
    {
        Span<byte> hash = stackalloc byte[Size];
        Convert.FromHexString(digest.Hex.AsSpan(0, HexLength), hash, out _, out _);
        return new EntryKey(hash, 0);
    }

    /// <summary>The key of a record.</summary>
    public static EntryKey OfRecord(string key)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return new EntryKey(hash, ulong.MaxValue);
    }

    /// <summary>Reads the name of an entry's file.</summary>
    /// <returns>False if no entry has such a name.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, EntryKind kind, out EntryKey key)
    {
        key = default;
        Span<byte> hash = stackalloc byte[Size];
        int length = kind == EntryKind.Sha512 ? DigestAlgorithm.Sha512.HexLength : HexLength;
        if (name.Length != length || name.ContainsAnyExcept(Digest.HexDigits) || !IsHash(name, hash))
        {
            return false;
        }

        key = new EntryKey(hash, Mask(kind));
        return true;
    }

    /// <summary>The name of an entry's file, or for SHA-512 its first half.</summary>
    public string ToName(EntryKind kind)
    {
        Span<byte> hash = stackalloc byte[Size];
        ulong mask = Mask(kind);
        BinaryPrimitives.WriteUInt64BigEndian(hash, _a ^ mask);
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], _b ^ mask);
        BinaryPrimitives.WriteUInt64BigEndian(hash[16..], _c ^ mask);
        BinaryPrimitives.WriteUInt64BigEndian(hash[24..], _d ^ mask);
        return Convert.ToHexStringLower(hash);
    }

    // They are hashes already.
    public override int GetHashCode() => (int)_a;

    public bool Equals(EntryKey other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    private static ulong Mask(EntryKind kind) => kind == EntryKind.Record ? ulong.MaxValue : 0;

    private static bool IsHash(ReadOnlySpan<char> name, Span<byte> hash) =>
        Convert.FromHexString(name[..HexLength], hash, out _, out _) == System.Buffers.OperationStatus.Done;
}
