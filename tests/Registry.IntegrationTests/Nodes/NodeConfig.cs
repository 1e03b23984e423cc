using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Testbed;

namespace LocalRegistry.Registry.IntegrationTests.Nodes;

/// <summary><c>registry node-config</c> as it runs on a node: the program, a <c>mirrors.yml</c>, a process of its own.</summary>
internal sealed class NodeConfig : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly RunningProgram _program;
    private readonly string _folder;

    private NodeConfig(RunningProgram program, string folder) => (_program, _folder) = (program, folder);

    /// <summary>Starts <c>run</c> and waits until the runtime is told of all hosts.</summary>
    /// <param name="mirrors">The text of mirrors.yml.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<NodeConfig> StartAsync(string mirrors, CancellationToken ct)
    {
        string folder = Directory.CreateTempSubdirectory("node-").FullName;
        string file = Path.Combine(folder, "mirrors.yml");
        string status = Path.Combine(folder, "status.json");
        await File.WriteAllTextAsync(file, mirrors, ct);
        IReadOnlyList<string> arguments = RegistryProgram.Arguments("node-config", "run", file, "--status-file", status);
        var config = new NodeConfig(RunningProgram.Start(RegistryProgram.Path, arguments), folder);
        try
        {
            await Wait.UntilAsync("the node to be configured", async token =>
            {
                string report = File.Exists(status) ? await File.ReadAllTextAsync(status, token) : "no report yet";
                return (NodeReport.Parse(report) is { State: NodeState.Configured }, $"{report}\n{config._program.Log}");
            }, Deadline, ct);
            return config;
        }
        catch
        {
            await config.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs <c>report</c>.</summary>
    public static async Task<NodeReport> ReportAsync(string mirrors, CancellationToken ct)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, mirrors, ct);
            CommandResult result = await CommandLine.RunAsync(RegistryProgram.Path, RegistryProgram.Arguments("node-config", "report", file), ct);
            return NodeReport.Parse(result.Output) ?? throw new InvalidOperationException($"no report: {result.Output}{result.Error}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Asks it to stop, so that it restores the node, and gives its exit code.</summary>
    public Task<int> StopAsync() => _program.StopAsync();

    /// <summary>Ends it as a node's loss does: nothing is restored.</summary>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
