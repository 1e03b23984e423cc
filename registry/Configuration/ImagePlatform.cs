namespace LocalRegistry.Registry.Configuration;

/// <summary>What an image runs on (OCI image-spec, Image Index: platform).</summary>
/// <param name="Architecture">The processor's architecture, such as <c>amd64</c>.</param>
/// <param name="Os">The operating system, such as <c>linux</c>.</param>
public readonly record struct ImagePlatform(string Architecture, string Os);
