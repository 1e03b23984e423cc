namespace LocalRegistry.Registry.Configuration;

/// <summary>Something in a configuration that the registry refuses, or a note about something it ignores.</summary>
/// <param name="Path">Where it stands, as keys joined by dots and list indexes in brackets: <c>storage.s3.bucket</c>.</param>
/// <param name="Line">The line in the file, from 1; null where the value came from the environment or is absent.</param>
/// <param name="Message">What is wrong and what to do about it, one sentence, without the path.</param>
public sealed record ConfigurationProblem(string Path, int? Line, string Message)
{
    /// <summary>The problem as one line: <c>config.yml:12: storage.azure: ...</c>.</summary>
    /// <param name="source">The file's name.</param>
    public string Describe(string source)
    {
        string place = Line is { } line ? $"{source}:{line}" : source;
        return Path.Length == 0 ? $"{place}: {Message}" : $"{place}: {Path}: {Message}";
    }
}
