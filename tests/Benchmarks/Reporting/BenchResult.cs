namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>A run, as it is kept.</summary>
internal sealed record BenchResult
{
    public required DateTimeOffset Date { get; init; }

    public required MachineFacts Machine { get; init; }

    /// <summary>By candidate: its version.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>How often each candidate was measured.</summary>
    public required int Rounds { get; init; }

    /// <summary>By scenario: what it does.</summary>
    public required IReadOnlyDictionary<string, string> Scenarios { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What could not be measured and why, and what S3 was asked for.</summary>
    public required IReadOnlyList<Remark> Remarks { get; init; }
}
