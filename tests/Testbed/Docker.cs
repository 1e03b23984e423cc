namespace LocalRegistry.Testbed;

/// <summary>The docker command.</summary>
internal static class Docker
{
    /// <summary>Runs docker and returns its output.</summary>
    public static async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken ct) =>
        (await CommandLine.RunAsync("docker", arguments, ct)).Output;

    /// <summary>The output's lines that are not empty.</summary>
    public static async Task<string[]> LinesAsync(IEnumerable<string> arguments, CancellationToken ct) =>
        (await RunAsync(arguments, ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
