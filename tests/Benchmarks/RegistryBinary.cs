using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks;

/// <summary>Compiles our registry as it is shipped.</summary>
internal static class RegistryBinary
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static async Task<string> BuildAsync(CancellationToken ct)
    {
        string output = Repository.PathOf("artifacts/registry-native");
        string[] linker = await InstalledProgram.ExistsAsync("clang", ct) ? [] : ["-p:CppCompilerAndLinker=gcc"];
        await Console.Error.WriteLineAsync($"compiling the registry ahead of time into {output}");
        await CommandLine.RunAsync(
            "dotnet",
            ["publish", Repository.PathOf("registry/Registry.csproj"), "--disable-build-servers", "-c", "Release", "-r", "linux-x64", "-o", output, .. linker],
            new CommandOptions { Timeout = Patience },
            ct);
        return Path.Combine(output, "registry");
    }
}
