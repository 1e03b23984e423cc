namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What the keys of <c>auth</c> and <c>validation</c> mean: what clients must show, and what they may push.</summary>
internal static class AccessTexts
{
    private const string Expressions = "list of regular expressions";

    public static IReadOnlyList<KeyText> All { get; } =
    [
        new("auth.htpasswd.realm", "what clients are told that they log in to") { Values = "printable ASCII without `\"` and `\\`" },
        new("auth.htpasswd.path", "a file of lines `user:hash` with bcrypt hashes, as `htpasswd -B` makes them; empty lines and lines that begin with `#` mean nothing")
        {
            Values = "path",
        },
        new("validation.disabled", "`true`: nothing that a pushed manifest names need be there, and any URL may be named. With Docker's registry a manifest's blobs must be there "
            + "nevertheless"),
        new("validation.manifests.urls.allow", "of which one must match somewhere in every URL that a manifest names for a layer") { DefaultInWords = "see below", Values = Expressions },
        new("validation.manifests.urls.deny", "of which none may match") { DefaultInWords = "none", Values = Expressions },
        new("validation.manifests.indexes.platforms", "which images of a pushed index must be there: `all`, `none`, or `list`: those of `platformlist` and those that name no platform"),
        new("validation.manifests.indexes.platformlist", "as many platforms as there are") { DefaultInWords = "none", Values = "list of `{architecture: amd64, os: linux}`" },
        new("validation.manifests.indexes.platformlist[].architecture", "the processor's architecture"),
        new("validation.manifests.indexes.platformlist[].os", "the operating system"),
    ];
}
