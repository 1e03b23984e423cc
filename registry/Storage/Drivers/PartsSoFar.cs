namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>What it takes to go on with an object under construction, in this process or another.</summary>
/// <param name="Id">The store's own name of the construction.</param>
/// <param name="Tags">
/// One for each part from the first on: the store's name of exactly the bytes that were written as that part. A part that was written again has
/// another, and completing with the former fails.
/// </param>
internal sealed record PartsSoFar(string Id, IReadOnlyList<string> Tags);
