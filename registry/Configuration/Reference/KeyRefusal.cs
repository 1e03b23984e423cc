namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>A key that the registry reads and a <c>LocalRegistry</c> cannot have.</summary>
/// <param name="Path">The key, and with it all below it.</param>
/// <param name="Reason">Why, and what to do instead, as Markdown without a full stop at its end.</param>
internal sealed record KeyRefusal(string Path, string Reason)
{
    private const string Reached = "a node's runtime asks at `http://127.0.0.1:PORT/v2/`";
    private const string OneContent = "every node would hold content of its own";
    private const string Secret = "many may read the resource: put a credentials file into a Secret and name it in `spec.credentials`";

    /// <summary>All of them. Values that say what is so anyway, such as <c>http.net: tcp</c>, are let through.</summary>
    public static IReadOnlyList<KeyRefusal> InResource { get; } =
    [
        new("storage.filesystem", OneContent),
        new("storage.inmemory", OneContent),
        new("storage.s3.accesskey", Secret),
        new("storage.s3.secretkey", Secret),
        new("http.secret", "many may read the resource, and a node's clients speak to the registry of their own node, so no upload is gone on with elsewhere"),
        new("http.net", Reached),
        new("http.prefix", Reached),
        new("http.tls", Reached),
        new("auth", "kubelets and runtimes pull from `http://127.0.0.1` without a login"),
    ];
}
