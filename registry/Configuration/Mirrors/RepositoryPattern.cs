using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>Repositories that are served: one by its name, or with <c>/*</c> at the end all below a name.</summary>
/// <param name="Value">The pattern.</param>
public readonly partial record struct RepositoryPattern(string Value)
{
    private const string Below = "/*";

    /// <summary>Reads a pattern: a repository's name, alone or followed by <c>/*</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RepositoryPattern pattern)
    {
        pattern = text is not null && Grammar().IsMatch(text) ? new RepositoryPattern(text) : default;
        return pattern.Value is not null;
    }

    /// <summary>Whether a repository is one of them.</summary>
    public bool Matches(string repository) => Value.EndsWith(Below, StringComparison.Ordinal)
        ? repository.Length > Value.Length - 1 && repository.AsSpan().StartsWith(Value.AsSpan(0, Value.Length - 1))
        : repository == Value;

    /// <summary>Whether a name that begins with a text, a folder of repositories with its slash, can be one of them.</summary>
    public bool CanMatchBelow(string folder)
    {
        string start = Value.EndsWith(Below, StringComparison.Ordinal) ? Value[..^1] : Value;
        return start.StartsWith(folder, StringComparison.Ordinal) || (start.Length < Value.Length && folder.StartsWith(start, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    // OCI distribution-spec, Pulling manifests: the grammar of a repository's name.
    [GeneratedRegex(@"^(?=.{1,255}$)[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*(/\*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
