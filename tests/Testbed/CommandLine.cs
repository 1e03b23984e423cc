using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace LocalRegistry.Testbed;

/// <summary>Runs programs with captured output and a limit of time.</summary>
public static class CommandLine
{
    /// <summary>Runs a program and returns what it printed.</summary>
    /// <exception cref="CommandException">It can't be started, failed, or ran out of time; the message holds what it printed.</exception>
    public static Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, CancellationToken ct) =>
        RunAsync(program, arguments, new CommandOptions(), ct);

    /// <inheritdoc cref="RunAsync(string, IEnumerable{string}, CancellationToken)"/>
    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, CommandOptions options, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        var error = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                error.AppendLine(text);
                options.OnErrorLine?.Invoke(text);
            }
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new CommandException($"{program} can't be started: {e.Message}");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Timeout);
        var output = "";
        try
        {
            process.BeginErrorReadLine();
            var reading = process.StandardOutput.ReadToEndAsync(limit.Token);
            await WriteInputAsync(process, options.Input, limit.Token);
            output = await reading;
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            throw new CommandException($"{Describe(start)} ran longer than {options.Timeout.TotalSeconds:0} s\n{error}");
        }

        if (process.ExitCode != 0 && !options.AnyExitCode)
        {
            throw new CommandException($"{Describe(start)} exited with {process.ExitCode}\n{output}{error}");
        }

        return new CommandResult(process.ExitCode, output, error.ToString());
    }

    private static async Task WriteInputAsync(Process process, string input, CancellationToken ct)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended before it read all: its exit code says whether that was right.
        }
    }

    private static string Describe(ProcessStartInfo start) => $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
}
