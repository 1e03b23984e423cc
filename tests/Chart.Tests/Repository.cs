using System.Diagnostics;

namespace LocalRegistry.Chart.Tests;

/// <summary>The files of the repository, and its scripts.</summary>
internal static class Repository
{
    // The first call builds the renderer, which may have to install its compiler before.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Text(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>Runs a script of the repository to its end.</summary>
    public static Task<ScriptResult> RunAsync(string script, params string[] arguments) => RunProgramAsync("bash", [PathOf(script), .. arguments]);

    /// <summary>Runs a program that tests/setup/tools.sh installs to its end.</summary>
    public static async Task<ScriptResult> RunProgramAsync(string program, params string[] arguments)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Deadline);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return new ScriptResult(process.ExitCode, await output, await error);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LocalRegistry.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no LocalRegistry.slnx above {AppContext.BaseDirectory}");
    }
}

/// <summary>How a script ended and what it wrote.</summary>
internal sealed record ScriptResult(int ExitCode, string Output, string Error);
