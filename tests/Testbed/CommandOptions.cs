namespace LocalRegistry.Testbed;

/// <summary>How <see cref="CommandLine"/> runs a command.</summary>
public sealed record CommandOptions
{
    /// <summary>After this the command and all that it started are killed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Text for the command's standard input, which is empty otherwise.</summary>
    public string Input { get; init; } = "";

    /// <summary>Whether another exit code than 0 is an answer, not a <see cref="CommandException"/>.</summary>
    public bool AnyExitCode { get; init; }

    /// <summary>Receives each line of standard error as it comes.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>Variables added to the environment that the command inherits.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
