namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What the keys of <c>auth</c> and <c>validation</c> mean: what clients must show, and what they may push.</summary>
internal static class AccessTexts
{
    public static IReadOnlyList<KeyText> All { get; } =
    [
        new("auth.htpasswd.realm", "what clients are told that they log in to"),
        new("auth.htpasswd.path", "the file of names and bcrypt hashes, as `htpasswd -B` writes it") { Values = "path" },
        new("validation.disabled", "whether a manifest is taken without the blobs and manifests that it names"),
        new("validation.manifests.urls.allow", "of which one must match a URL that a manifest names for content elsewhere. With the section `validation` and neither list, none may be named; without it, any")
        {
            DefaultInWords = "all, if `deny` is there", Values = "list of regular expressions",
        },
        new("validation.manifests.urls.deny", "of which none may match such a URL") { DefaultInWords = "none", Values = "list of regular expressions" },
        new("validation.manifests.indexes.platforms", "which images of an index must be there before it: `all`, `none`, or those of the platforms in `platformlist`"),
        new("validation.manifests.indexes.platformlist", "the platforms of `list`") { DefaultInWords = "none" },
        new("validation.manifests.indexes.platformlist[].architecture", "the processor's architecture, such as `amd64`"),
        new("validation.manifests.indexes.platformlist[].os", "the operating system, such as `linux`"),
    ];
}
