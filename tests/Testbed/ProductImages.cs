namespace LocalRegistry.Testbed;

/// <summary>The product's images, built from the repository's Dockerfiles.</summary>
public static class ProductImages
{
    /// <summary>The operator's image in this machine's engine.</summary>
    public static string Operator => Repository.Version("OPERATOR_IMAGE");

    /// <summary>The registry's image in this machine's engine.</summary>
    public static string Registry => Repository.Version("REGISTRY_IMAGE");

    /// <summary>Builds both from the sources as they are now; what has not changed costs no time.</summary>
    public static Task BuildAsync(Action<string> progress, CancellationToken ct) => Machine.PrepareAsync(["tools", "product"], progress, ct);
}
