using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage;

/// <summary>A blob that a repository holds.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="IsStale">Whether the store could not be asked, so that this is what it held when it was asked last.</param>
internal readonly record struct BlobDescriptor(Digest Digest, long Size, bool IsStale);
