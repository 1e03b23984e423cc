using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage;

/// <summary>A manifest as it lies in the store.</summary>
/// <param name="Digest">Its digest, checked against the bytes.</param>
/// <param name="MediaType">Its media type; null if it is of no kind that is served, such as Docker's schema 1.</param>
/// <param name="Content">Its bytes, as they were pushed.</param>
internal sealed record StoredManifest(Digest Digest, string? MediaType, byte[] Content)
{
    /// <summary>Whether the store could not be asked, so that this is what it held when it was asked last.</summary>
    public bool IsStale { get; init; }

    /// <summary>What it says; null if it is of no kind that is served.</summary>
    public ManifestDocument? Parse() => ManifestDocument.TryParse(Content, null, out _);
}
