using System.Globalization;
using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// The keys of Docker's registry (<c>docker/registry/v2/...</c>), so that either registry serves what the other wrote.
/// A link is an object that holds a digest as text.
/// </summary>
internal static class KeyLayout
{
    /// <summary>The last part of a link's key.</summary>
    public const string Link = "link";

    /// <summary>The folder of a repository that holds one for each upload.</summary>
    public const string Uploads = "_uploads";

    /// <summary>The last part of the key of an upload's beginning.</summary>
    public const string Started = "startedat";

    /// <summary>Below it lie the marks of registries that purge uploads. No list of either registry shows it: it is no repository's name.</summary>
    public const string PurgeMarks = $"{Repositories}_purge/";

    /// <summary>Below it lies everything.</summary>
    public const string Everything = $"{Root}/";

    private const string Root = "docker/registry/v2";

    /// <summary>Below it lies a folder for each repository's first component.</summary>
    public const string Repositories = $"{Root}/repositories/";

    public static string BlobData(Digest digest) => $"{Root}/blobs/{digest.Algorithm.Name}/{digest.Hex.AsSpan(0, 2)}/{digest.Hex}/data";

    /// <summary>Says that a blob belongs to a repository: only then may it be read through that repository.</summary>
    public static string LayerLink(RepositoryName name, Digest digest) => $"{Repository(name)}/_layers/{Path(digest)}/{Link}";

    /// <summary>Says that a manifest belongs to a repository.</summary>
    public static string RevisionLink(RepositoryName name, Digest digest) => $"{Repository(name)}/_manifests/revisions/{Path(digest)}/{Link}";

    /// <summary>Below it lies a folder for each tag.</summary>
    public static string Tags(RepositoryName name) => $"{Repository(name)}/_manifests/tags/";

    /// <summary>Below it lies all that there is of a tag.</summary>
    public static string Tag(RepositoryName name, string tag) => $"{Tags(name)}{tag}/";

    /// <summary>The digest that a tag names now.</summary>
    public static string TagCurrentLink(RepositoryName name, string tag) => $"{Tag(name, tag)}current/{Link}";

    /// <summary>Remembers a digest that a tag has named.</summary>
    public static string TagIndexLink(RepositoryName name, string tag, Digest digest) => $"{Tag(name, tag)}index/{Path(digest)}/{Link}";

    /// <summary>Below it lies a folder for each digest algorithm of the manifests that refer to a subject. Docker's registry has no such links, and passes them over.</summary>
    public static string Referrers(RepositoryName name, Digest subject) => $"{Repository(name)}/_referrers/{Path(subject)}/";

    /// <summary>Says that a manifest refers to a subject.</summary>
    public static string ReferrerLink(RepositoryName name, Digest subject, Digest referrer) => $"{Referrers(name, subject)}{Path(referrer)}/{Link}";

    /// <summary>Below it lies all that there is of an upload.</summary>
    public static string Upload(RepositoryName name, string id) => $"{Repository(name)}/{Uploads}/{id}/";

    /// <summary>The bytes of an upload whose digest is not known yet.</summary>
    public static string UploadData(RepositoryName name, string id) => $"{Upload(name, id)}data";

    /// <summary>When an upload began, as RFC 3339 writes it.</summary>
    public static string UploadStarted(RepositoryName name, string id) => $"{Upload(name, id)}{Started}";

    /// <summary>Below it lie the states of an upload by their numbers; Docker's registry has none, and passes them over.</summary>
    public static string UploadStates(RepositoryName name, string id) => $"{Upload(name, id)}state/";

    /// <summary>A state of an upload; those of one folder are in their own order.</summary>
    public static string UploadState(RepositoryName name, string id, int number) =>
        UploadStates(name, id) + number.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>The last bytes of a state of an upload.</summary>
    public static string UploadTail(RepositoryName name, string id, Guid revision) => $"{Upload(name, id)}tail-{revision:N}";

    /// <summary>The bytes of an upload that several processes may work on, each under a name of its own: what one hashes, no other replaces.</summary>
    public static string UploadData(RepositoryName name, string id, Guid part) => $"{Upload(name, id)}data-{part:N}";

    private static string Repository(RepositoryName name) => Repositories + name.Value;

    private static string Path(Digest digest) => $"{digest.Algorithm.Name}/{digest.Hex}";
}
