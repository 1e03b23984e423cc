using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LocalRegistry.Testbed;

/// <summary>A program that runs beside a test until it is told to end, and what it printed so far.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private RunningProgram(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
    }

    /// <summary>What it printed so far, both of its outputs.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its file, or a name on the path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">Changes to the environment that it inherits; null takes a variable away.</param>
    public static RunningProgram Start(string program, IEnumerable<string> arguments, params IEnumerable<KeyValuePair<string, string?>> variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in variables)
        {
            start.Environment[name] = value;
        }

        var running = new RunningProgram(start);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Asks it to end, as Kubernetes does, and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await CommandLine.RunAsync("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)], CancellationToken.None);
        using var deadline = new CancellationTokenSource(EndDeadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Ends it without a word, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
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
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
