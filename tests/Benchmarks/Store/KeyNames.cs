namespace LocalRegistry.Benchmarks.Store;

/// <summary>Where Docker's registry keeps what it stores.</summary>
internal static class KeyNames
{
    public static string Blob(string root, string digest) => $"{root}/docker/registry/v2/blobs/sha256/{Hex(digest)[..2]}/{Hex(digest)}/data";

    public static string LayerLink(string root, string repository, string digest) => $"{Repository(root, repository)}/_layers/sha256/{Hex(digest)}/link";

    public static string RevisionLink(string root, string repository, string digest) =>
        $"{Repository(root, repository)}/_manifests/revisions/sha256/{Hex(digest)}/link";

    public static string TagLink(string root, string repository, string tag) => $"{Repository(root, repository)}/_manifests/tags/{tag}/current/link";

    public static string TagIndexLink(string root, string repository, string tag, string digest) =>
        $"{Repository(root, repository)}/_manifests/tags/{tag}/index/sha256/{Hex(digest)}/link";

    private static string Repository(string root, string repository) => $"{root}/docker/registry/v2/repositories/{repository}";

    private static string Hex(string digest) => digest["sha256:".Length..];
}
