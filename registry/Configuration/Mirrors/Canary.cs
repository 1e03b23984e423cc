namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>
/// The image that the registry itself makes up under every host that it stands in for, and that exists nowhere else: a runtime that can pull it
/// pulls through the node's registry.
/// </summary>
public static class Canary
{
    /// <summary>Its repository, as the client names it below the host.</summary>
    public const string Repository = "localregistry.dev/canary";

    /// <summary>Its tag.</summary>
    public const string Tag = "v1";

    /// <summary>
    /// The digest of its index. Others may be able to publish an image of the same name on a mirrored host, but none of this digest that has another
    /// program. Registries from before a change of it do not have the new image: no node is proven until its own has been rolled out.
    /// </summary>
    public const string Digest = "sha256:344a91c97da1c7ede70f5236837d9d731daf6deb93c3c13bfc6ba2fd1d611888";

    // RFC 6761, section 6.4: never a host that exists.
    private const string WildcardHost = "canary.localregistry.invalid";

    /// <summary>The host that the image is asked for under; under the wildcard, one that has no entry of its own.</summary>
    public static string HostFor(ImageHost host) => host.IsWildcard ? WildcardHost : host.Value;

    /// <summary>The image's name under a host, by digest: runtimes heed that alone, and the tag is for people.</summary>
    public static string ImageFor(ImageHost host) => $"{HostFor(host)}/{Repository}:{Tag}@{Digest}";
}
