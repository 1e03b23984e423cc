namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>How far a client came.</summary>
/// <param name="Step">The request that failed; null if none did.</param>
/// <param name="Status">Its status; 0 for none.</param>
/// <param name="Message">What it said.</param>
/// <param name="IsProper">Whether it failed as it should: with an error in OCI's form, or with a cut where content had begun.</param>
internal sealed record Progress(string? Step, int Status, string Message, bool IsProper)
{
    public static readonly Progress Done = new(null, 0, "", IsProper: true);

    public bool IsDone => Step is null;

    public override string ToString() => IsDone ? "done" : $"{Step}: {Status} {Message}";
}
