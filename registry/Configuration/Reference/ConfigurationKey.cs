namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>A key that the registry asks a configuration for, as its reader says it.</summary>
/// <param name="Path">Where it stands, as keys joined by dots; a list's entry is <c>[]</c>: <c>health.http[].uri</c>.</param>
/// <param name="Kind">What stands there.</param>
internal sealed record ConfigurationKey(string Path, KeyKind Kind)
{
    /// <summary>Whether it must be there.</summary>
    public bool Required { get; init; }

    /// <summary>What holds without it, as it would be written; null if the reader does not say it.</summary>
    public string? Default { get; init; }

    /// <summary>The words of a choice.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The smallest number.</summary>
    public long Minimum { get; init; }

    /// <summary>The largest number; null for none but that of the type that holds it.</summary>
    public long? Maximum { get; init; }

    /// <summary>The shortest and the longest duration, as they would be written; null if it is one of a day at most.</summary>
    public (string Shortest, string Longest)? Bounds { get; init; }

    /// <summary>Why it is refused, as the user is told.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether it is a value and no section.</summary>
    public bool IsValue => Kind is not (KeyKind.Section or KeyKind.Sections or KeyKind.Refused);

    /// <summary>Whether it stands at a path or below it.</summary>
    public bool IsUnder(string path) =>
        Path.StartsWith(path, StringComparison.Ordinal) && (Path.Length == path.Length || path.Length == 0 || Path[path.Length] is '.' or '[');
}
