using System.Security.Cryptography;

namespace LocalRegistry.Registry.Oci;

/// <summary>A registered digest algorithm (OCI image-spec, Descriptors, Registered algorithms).</summary>
internal sealed class DigestAlgorithm
{
    public static readonly DigestAlgorithm Sha256 = new("sha256", HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
    public static readonly DigestAlgorithm Sha512 = new("sha512", HashAlgorithmName.SHA512, SHA512.HashSizeInBytes);

    private readonly HashAlgorithmName _hash;

    private DigestAlgorithm(string name, HashAlgorithmName hash, int size)
    {
        Name = name;
        _hash = hash;
        HexLength = size * 2;
    }

    /// <summary>The name before the colon.</summary>
    public string Name { get; }

    /// <summary>Hexadecimal digits of a digest.</summary>
    public int HexLength { get; }

    public static DigestAlgorithm? Find(ReadOnlySpan<char> name) => name switch
    {
        "sha256" => Sha256,
        "sha512" => Sha512,
        _ => null,
    };

    public byte[] Hash(ReadOnlySpan<byte> content) => CryptographicOperations.HashData(_hash, content);

    /// <summary>A hash that takes its content piece by piece.</summary>
    public IncrementalHash Begin() => IncrementalHash.CreateHash(_hash);
}
