namespace LocalRegistry.Testbed;

/// <summary>Names a test bed, and with it its containers and its network.</summary>
/// <param name="Value">Unique on this machine, of lower-case letters, digits and hyphens.</param>
/// <param name="Kept">Whether it outlives the process that started it, and is found again by the next.</param>
public sealed record BedName(string Value, bool Kept)
{
    /// <summary>A bed that is found again by its name.</summary>
    public static BedName Lasting(string name) => new($"localregistry-{name}", Kept: true);

    /// <summary>A bed of this process alone, removed when it is disposed.</summary>
    public static BedName Passing() => new($"localregistry-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}", Kept: false);
}
