using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Oci;

/// <summary>What a manifest says of a piece of content (OCI image-spec, Descriptors).</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Urls">Where else it lies; an empty text stands for what is no text.</param>
/// <param name="Platform">What it runs on; null if the manifest does not say.</param>
internal readonly record struct Descriptor(string MediaType, Digest Digest, long Size, IReadOnlyList<string> Urls, ImagePlatform? Platform)
{
    /// <summary>Whether it need not lie in the registry: a layer that may not be distributed, of which the manifest says where to get it.</summary>
    public bool IsForeign => Urls.Count > 0 && MediaTypes.IsForeignLayer(MediaType);
}
