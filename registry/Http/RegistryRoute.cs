namespace LocalRegistry.Registry.Http;

/// <summary>What a path below <c>/v2/</c> asks for. Names contain slashes, so paths are read from their end.</summary>
/// <param name="Kind">The endpoint.</param>
/// <param name="Name">The repository as the path gives it, not checked; empty where there is none.</param>
/// <param name="Argument">The reference, digest or upload id as the path gives it, not checked; empty where there is none.</param>
internal readonly record struct RegistryRoute(RouteKind Kind, string Name = "", string Argument = "")
{
    private const string Root = "/v2/";

    /// <summary>Reads a path.</summary>
    public static RegistryRoute Parse(string path)
    {
        if (path is "/v2/" or "/v2")
        {
            return new RegistryRoute(RouteKind.Base);
        }

        if (!path.StartsWith(Root, StringComparison.Ordinal))
        {
            return default;
        }

        string rest = path[Root.Length..];
        if (rest is "_catalog")
        {
            return new RegistryRoute(RouteKind.Catalog);
        }

        string[] parts = rest.Split('/');
        return parts switch
        {
            [.. { Length: > 0 } name, "tags", "list"] => Make(RouteKind.Tags, name, ""),
            [.. { Length: > 0 } name, "blobs", "uploads", ""] => Make(RouteKind.Uploads, name, ""),
            [.. { Length: > 0 } name, "blobs", "uploads"] => Make(RouteKind.Uploads, name, ""),
            [.. { Length: > 0 } name, "blobs", "uploads", var id] => Make(RouteKind.Upload, name, id),
            [.. { Length: > 0 } name, "blobs", var digest] => Make(RouteKind.Blob, name, digest),
            [.. { Length: > 0 } name, "manifests", var reference] => Make(RouteKind.Manifest, name, reference),
            [.. { Length: > 0 } name, "referrers", var digest] => Make(RouteKind.Referrers, name, digest),
            _ => default,
        };
    }

    private static RegistryRoute Make(RouteKind kind, string[] name, string argument) => new(kind, string.Join('/', name), argument);
}

/// <summary>The endpoints of the registry's API.</summary>
internal enum RouteKind
{
    /// <summary>No endpoint.</summary>
    None,

    /// <summary><c>/v2/</c></summary>
    Base,

    /// <summary><c>/v2/_catalog</c></summary>
    Catalog,

    /// <summary><c>/v2/&lt;name&gt;/tags/list</c></summary>
    Tags,

    /// <summary><c>/v2/&lt;name&gt;/manifests/&lt;reference&gt;</c></summary>
    Manifest,

    /// <summary><c>/v2/&lt;name&gt;/referrers/&lt;digest&gt;</c></summary>
    Referrers,

    /// <summary><c>/v2/&lt;name&gt;/blobs/&lt;digest&gt;</c></summary>
    Blob,

    /// <summary><c>/v2/&lt;name&gt;/blobs/uploads/</c></summary>
    Uploads,

    /// <summary><c>/v2/&lt;name&gt;/blobs/uploads/&lt;id&gt;</c></summary>
    Upload,
}
