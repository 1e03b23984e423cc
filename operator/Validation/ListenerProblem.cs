namespace LocalRegistry.Operator.Validation;

/// <summary>A key of the listener that is refused in a resource.</summary>
/// <param name="Path">The key.</param>
/// <param name="Covered">The key of which, and of all below it, nothing else need be said.</param>
/// <param name="Message">Why, and what to do.</param>
internal readonly record struct ListenerProblem(string Path, string Covered, string Message)
{
    /// <summary>Whether another problem, at this path, needs no telling.</summary>
    public bool Covers(string path) => path == Covered || path.StartsWith($"{Covered}.", StringComparison.Ordinal) || path.StartsWith($"{Covered}[", StringComparison.Ordinal);
}
