using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror;

/// <summary>An image host that the registry stands in for, and where its repositories lie.</summary>
/// <param name="Host">The host, as an image's name has it.</param>
/// <param name="Entry">The entry of <c>mirrors.yml</c> that it comes from: the host itself or the wildcard.</param>
/// <param name="Prefix">What the names of its repositories begin with in the bucket, without a slash at the end; empty for nothing.</param>
internal sealed record MirroredHost(ImageHost Host, ImageHost Entry, string Prefix);
