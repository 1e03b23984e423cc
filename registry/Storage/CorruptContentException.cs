using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage;

/// <summary>What lies in the store is not what its name promises; it is never served.</summary>
internal sealed class CorruptContentException(string message) : Exception(message)
{
    /// <summary>What is said of content whose bytes have another digest.</summary>
    public static CorruptContentException Of(Digest digest) => new($"{KeyLayout.BlobData(digest)} does not have the digest of its name");
}
