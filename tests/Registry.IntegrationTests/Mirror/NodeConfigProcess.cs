using System.Diagnostics;
using System.Globalization;
using System.Text;
using LocalRegistry.Testbed;

namespace LocalRegistry.Registry.IntegrationTests.Mirror;

/// <summary><c>registry node-config</c> as a process.</summary>
internal sealed class NodeConfigProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private NodeConfigProcess(IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(RegistryProgram.Path, RegistryProgram.Arguments(["node-config", .. arguments]))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static NodeConfigProcess Start(params IEnumerable<string> arguments)
    {
        var started = new NodeConfigProcess(arguments);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(CancellationToken cancellation, params IEnumerable<string> arguments)
    {
        await using NodeConfigProcess started = Start(arguments);
        return (await started.EndAsync(cancellation), started.Output);
    }

    /// <summary>Asks it to stop, as Kubernetes does.</summary>
    public Task TerminateAsync(CancellationToken cancellation) =>
        CommandLine.RunAsync("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)], cancellation);

    /// <summary>Ends it as the system ends what takes too much memory.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> EndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
