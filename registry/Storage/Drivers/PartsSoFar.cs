namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>What it takes to go on with an object under construction, in this process or another.</summary>
/// <param name="Id">The store's own name of the construction.</param>
/// <param name="Parts">What was written, by ascending numbers.</param>
internal sealed record PartsSoFar(string Id, IReadOnlyList<WrittenPart> Parts)
{
    /// <summary>The number of the last part; 0 if there is none.</summary>
    public int Last => Parts.Count == 0 ? 0 : Parts[^1].Number;
}
