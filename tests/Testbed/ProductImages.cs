namespace LocalRegistry.Testbed;

/// <summary>The product's images, built from the repository's Dockerfiles.</summary>
public static class ProductImages
{
    /// <summary>The operator's image.</summary>
    public static string Operator => Repository.Version("OPERATOR_IMAGE");

    /// <summary>The registry's image.</summary>
    public static string Registry => Repository.Version("REGISTRY_IMAGE");

    /// <summary>Builds both from the sources as they are now; layers that have not changed cost no time.</summary>
    public static Task BuildAsync(Action<string> progress, CancellationToken ct) => Machine.PrepareAsync(["tools", "dotnet", "product"], progress, ct);
}
