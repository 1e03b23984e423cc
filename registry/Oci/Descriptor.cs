namespace LocalRegistry.Registry.Oci;

/// <summary>What a manifest says of a piece of content (OCI image-spec, Descriptors).</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="IsForeign">Whether it may lie elsewhere: it names URLs of its own.</param>
internal readonly record struct Descriptor(string MediaType, Digest Digest, long Size, bool IsForeign);
