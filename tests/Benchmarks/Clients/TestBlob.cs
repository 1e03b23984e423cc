using System.Security.Cryptography;

namespace LocalRegistry.Benchmarks.Clients;

/// <summary>Content that does not compress, made as it is needed: a block of random bytes, repeated, with a number in front of each.</summary>
/// <param name="Size">Its bytes.</param>
/// <param name="Number">Tells it from others of its size.</param>
/// <param name="Digest">Its digest.</param>
internal sealed record TestBlob(long Size, int Number, string Digest)
{
    private const int BlockSize = 1024 * 1024;

    private static readonly byte[] Random = RandomNumberGenerator.GetBytes(BlockSize);

    /// <summary>Makes a blob of content that was never there before.</summary>
    public static TestBlob Create(long size, int number)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var blob = new TestBlob(size, number, "");
        blob.Write(hash.AppendData);
        return blob with { Digest = $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}" };
    }

    /// <summary>Writes its content in blocks.</summary>
    public void Write(WriteBlock write)
    {
        Span<byte> mark = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(mark, Number);
        for (long left = Size; left > 0; left -= BlockSize)
        {
            int length = (int)Math.Min(left, BlockSize);
            int marked = Math.Min(length, mark.Length);
            write(mark[..marked]);
            write(Random.AsSpan(marked, length - marked));
        }
    }
}
