namespace LocalRegistry.Testbed;

/// <summary>How the registry's program is started by tests; theirs is the project that it was compiled for.</summary>
public static class RegistryProgram
{
    /// <summary>Names an executable to test instead of what was compiled for the tests: the one that is shipped.</summary>
    private const string BinaryVariable = "REGISTRY_BINARY";

    private static readonly string? Binary = Environment.GetEnvironmentVariable(BinaryVariable);

    /// <summary>The program.</summary>
    public static string Path => Binary ?? "dotnet";

    /// <summary>Its arguments, in front of them what it takes to run what is named.</summary>
    public static IReadOnlyList<string> Arguments(params IEnumerable<string> arguments) =>
        Binary is null ? [System.IO.Path.Combine(AppContext.BaseDirectory, "registry.dll"), .. arguments] : [.. arguments];

    /// <summary>The variables that a registry's process gets here: its credentials file, and no look at the network for others.</summary>
    public static Dictionary<string, string> VariablesFor(RegistryFiles files) => new()
    {
        ["AWS_SHARED_CREDENTIALS_FILE"] = files.Credentials,
        ["AWS_CONFIG_FILE"] = "/dev/null",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };
}
