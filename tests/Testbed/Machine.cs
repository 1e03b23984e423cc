using System.Text.RegularExpressions;

namespace LocalRegistry.Testbed;

/// <summary>This machine's part of the test bed: tools, Docker engine, images.</summary>
public static partial class Machine
{
    /// <summary>The first version of Docker's API that Testcontainers speaks by itself.</summary>
    private static readonly Version TestcontainersApi = new(1, 44);

    /// <summary>Runs <c>tests/setup/setup.sh</c> for the parts named. What is there already costs no time.</summary>
    /// <param name="parts">Of <c>tools engine node s3 containerd clients iam dotnet product</c>.</param>
    /// <param name="progress">Receives a line for every step.</param>
    /// <param name="ct">Ends the set-up.</param>
    /// <exception cref="CommandException">A part can't be had here; the message says why and what to install.</exception>
    public static async Task PrepareAsync(IEnumerable<string> parts, Action<string> progress, CancellationToken ct)
    {
        var options = new CommandOptions { Timeout = TimeSpan.FromMinutes(45), OnErrorLine = line => progress(Clock.Replace(line, "")) };
        await CommandLine.RunAsync(Repository.PathOf("tests/setup/setup.sh"), parts, options, ct);
        await AdaptTestcontainersAsync(ct);
    }

    /// <summary>Must have run before the first use of Testcontainers, which reads these variables once.</summary>
    private static async Task AdaptTestcontainersAsync(CancellationToken ct)
    {
        var answer = await Docker.RunAsync(["version", "--format", "{{.Server.APIVersion}}"], ct);
        if (Version.Parse(answer.Trim()) is var api && api < TestcontainersApi)
        {
            Environment.SetEnvironmentVariable("DOCKER_API_VERSION", api.ToString());
        }

        // Its image can't be pulled everywhere. What a killed process leaves is removed by the next one: see Leftovers.
        Environment.SetEnvironmentVariable("TESTCONTAINERS_RYUK_DISABLED", "true");
    }

    // The scripts' own clock; whoever shows the lines has one.
    [GeneratedRegex(@"^\[ *\d+s\] ")]
    private static partial Regex Clock { get; }
}
