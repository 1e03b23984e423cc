using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage;

/// <summary>A manifest as it lies in the store.</summary>
/// <param name="Digest">Its digest, checked against the bytes.</param>
/// <param name="Document">What it says; null if it is of no kind that is served, such as Docker's schema 1.</param>
/// <param name="Content">Its bytes, as they were pushed.</param>
internal sealed record StoredManifest(Digest Digest, ManifestDocument? Document, byte[] Content)
{
    /// <summary>Its media type; null if it is of no kind that is served.</summary>
    public string? MediaType => Document?.MediaType;
}
