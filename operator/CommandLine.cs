using System.CommandLine;
using System.CommandLine.Invocation;

namespace LocalRegistry.Operator;

/// <summary>The command line. What a Deployment gives by environment stands in for an option that is left out.</summary>
internal static class CommandLine
{
    /// <summary>The exit code of a command line that cannot be carried out as it is written.</summary>
    private const int BadInput = 2;

    public static RootCommand Build() => new("Runs an S3-backed image registry on every node of a Kubernetes cluster.")
    {
        RunCommand.Build(),
        PoliciesCommand.Build(),
    };

    /// <param name="arguments">The command line.</param>
    /// <param name="io">Where output goes; null for the console.</param>
    public static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, InvocationConfiguration? io = null)
    {
        ParseResult parsed = Build().Parse(arguments);
        if (parsed.Action is ParseErrorAction error)
        {
            // What goes to standard output may go on into a file.
            error.ShowHelp = false;
        }

        int exitCode = await parsed.InvokeAsync(io);
        return parsed.Errors.Count > 0 ? BadInput : exitCode;
    }

    /// <summary>A variable of the environment; null if it says nothing.</summary>
    public static string? Variable(string name) => NotEmpty(Environment.GetEnvironmentVariable(name));

    public static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
