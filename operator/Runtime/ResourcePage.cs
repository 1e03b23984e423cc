namespace LocalRegistry.Operator.Runtime;

/// <summary>One page of a list.</summary>
/// <param name="Items">The objects.</param>
/// <param name="ResourceVersion">Where a watch goes on from.</param>
/// <param name="Continue">Asks for the next page; null on the last.</param>
internal sealed record ResourcePage<T>(IReadOnlyList<T> Items, string ResourceVersion, string? Continue);
