using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks;

/// <summary>Programs that this machine may have.</summary>
internal static class InstalledProgram
{
    public static async Task<bool> ExistsAsync(string program, CancellationToken ct)
    {
        try
        {
            await CommandLine.RunAsync(program, ["--version"], ct);
            return true;
        }
        catch (CommandException)
        {
            return false;
        }
    }
}
