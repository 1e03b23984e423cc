using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror;
using Microsoft.Extensions.Primitives;

namespace LocalRegistry.Registry.Http;

/// <summary>
/// What a request asks for, and of whom. Of an image host that the registry stands in for, a runtime asks in one of three ways:
/// <c>/v2/NAME/...?ns=HOST</c> (containerd), <c>/v2/HOST/NAME/...</c> (CRI-O and podman; containerd with <c>override_path</c>) and
/// <c>/HOST/v2/NAME/...</c> (containerd, if the mirror's URL has a path). In a path the host may be written <c>registry.example.com_5000</c>.
/// </summary>
/// <param name="Route">The endpoint; the repository is called as the client calls it, with its host before it in the second way.</param>
/// <param name="Given">The host of the first or third way; null if there is none, or if it stands before the name.</param>
/// <param name="Root">What stands before the repository's name in the path.</param>
/// <param name="Namespace">The value of <c>ns</c>; null if there is none.</param>
internal readonly record struct RequestTarget(RegistryRoute Route, MirroredHost? Given, string Root, string? Namespace)
{
    private const string NamespaceKey = "ns";
    private const string DirectRoot = "v2/";

    /// <summary>What the query of a URL has to hold that is to reach the same host; empty for nothing.</summary>
    public string Query => Namespace is null ? "" : $"{NamespaceKey}={Uri.EscapeDataString(Namespace)}";

    /// <summary>Reads a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mirrors">The hosts that the registry stands in for.</param>
    /// <param name="prefix">What all paths begin with (<c>http.prefix</c>).</param>
    /// <param name="target">What it is for.</param>
    /// <returns>Why it is for nothing; null if it is well.</returns>
    public static RegistryError? Read(HttpRequest request, MirrorTable mirrors, string prefix, out RequestTarget target)
    {
        string path = request.Path.Value ?? "";
        path = path.StartsWith(prefix, StringComparison.Ordinal) ? path[(prefix.Length - 1)..] : "";
        target = new RequestTarget(RegistryRoute.Parse(path), null, prefix + DirectRoot, null);
        if (!mirrors.Exists)
        {
            return null;
        }

        return ReadNamespace(request, mirrors, ref target) ?? (target.Route.Kind == RouteKind.None ? ReadFront(path, mirrors, prefix, ref target) : null);
    }

    /// <summary>The path and query of something of the same repository, as the client that sent this request would name it.</summary>
    /// <param name="rest">What comes after the repository's name.</param>
    /// <param name="query">What the query has besides; empty for nothing.</param>
    public string PathTo(string rest, string query = "")
    {
        string whole = string.Join('&', ((string[])[Query, query]).Where(q => q.Length > 0));
        return $"{Root}{Route.Name}/{rest}{(whole.Length == 0 ? "" : "?")}{whole}";
    }

    private static RegistryError? ReadNamespace(HttpRequest request, MirrorTable mirrors, ref RequestTarget target)
    {
        if (!request.QueryString.HasValue || !request.Query.TryGetValue(NamespaceKey, out StringValues values))
        {
            return null;
        }

        if (values is not [{ } text])
        {
            return new RegistryError(ErrorCode.NameInvalid, $"{NamespaceKey} is there {values.Count} times: it names one image host");
        }

        if (!ImageHost.TryParse(text, out ImageHost host) || host.IsWildcard)
        {
            return new RegistryError(ErrorCode.NameInvalid, $"{NamespaceKey} must be an image host, such as registry.example.com, not \"{Shorten(text)}\"");
        }

        target = target with { Given = mirrors.Find(host), Namespace = host.Value };
        return target.Given is null ? Unknown(host) : null;
    }

    private static RegistryError? ReadFront(string path, MirrorTable mirrors, string prefix, ref RequestTarget target)
    {
        int end = path.StartsWith('/') ? path.IndexOf('/', 1) : -1;
        if (end < 0 || RegistryRoute.Parse(path[end..]) is not { Kind: not RouteKind.None } route)
        {
            return null;
        }

        string first = path[1..end];
        if (mirrors.FindInPath(first) is not { } host)
        {
            return ImageHost.TryParse(first, out ImageHost unknown) && !unknown.IsWildcard ? Unknown(unknown) : null;
        }

        if (target.Given is { } given && given.Host != host.Host)
        {
            return new RegistryError(ErrorCode.NameInvalid, $"{NamespaceKey} names {given.Host}, and the path {host.Host}: a request is for one image host");
        }

        target = target with { Route = route, Given = host, Root = $"{prefix}{first}/{DirectRoot}" };
        return null;
    }

    private static RegistryError Unknown(ImageHost host) =>
        new(ErrorCode.NameUnknown, $"this registry does not stand in for {host}: mirrors.yml has no entry for it");

    private static string Shorten(string text) => text.Length <= 100 ? text : $"{text[..100]}...";
}
