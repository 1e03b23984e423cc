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

        // Each part has its slash before it.
        ReadOnlySpan<char> rest = path.AsSpan(Root.Length - 1);
        if (rest is "/_catalog")
        {
            return new RegistryRoute(RouteKind.Catalog);
        }

        ReadOnlySpan<char> argument = CutLast(ref rest);
        switch (CutLast(ref rest))
        {
            case "tags" when argument is "list":
                return Make(RouteKind.Tags, rest, "");
            case "manifests":
                return Make(RouteKind.Manifest, rest, argument);
            case "referrers":
                return Make(RouteKind.Referrers, rest, argument);
            case "uploads" when CutLast(ref rest) is "blobs":
                return argument.IsEmpty ? Make(RouteKind.Uploads, rest, "") : Make(RouteKind.Upload, rest, argument);
            case "blobs":
                return argument is "uploads" ? Make(RouteKind.Uploads, rest, "") : Make(RouteKind.Blob, rest, argument);
            default:
                return default;
        }
    }

    // Takes the last part off; it is empty if there is none.
    private static ReadOnlySpan<char> CutLast(ref ReadOnlySpan<char> path)
    {
        int slash = path.LastIndexOf('/');
        ReadOnlySpan<char> last = path[(slash + 1)..];
        path = path[..Math.Max(slash, 0)];
        return last;
    }

    private static RegistryRoute Make(RouteKind kind, ReadOnlySpan<char> name, ReadOnlySpan<char> argument) =>
        name.IsEmpty ? default : new(kind, name[1..].ToString(), argument.ToString());
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
