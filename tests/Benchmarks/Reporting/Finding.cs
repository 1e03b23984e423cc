using LocalRegistry.Benchmarks.Scenarios;

namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>What came of one measure, and whether that is what was wanted.</summary>
internal sealed record Finding
{
    public required string Scenario { get; init; }

    public required string Measure { get; init; }

    public required string Unit { get; init; }

    public required bool MoreIsBetter { get; init; }

    /// <summary>By candidate: the value in the middle.</summary>
    public required IReadOnlyDictionary<string, double> Medians { get; init; }

    /// <summary>By candidate: all values, in the order in which they came.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Samples { get; init; }

    /// <summary>What was wanted, and what came of it.</summary>
    public required IReadOnlyList<Verdict> Verdicts { get; init; }

    /// <summary>Judges what was measured.</summary>
    /// <param name="scenario">The scenario's name.</param>
    /// <param name="measure">What was measured.</param>
    /// <param name="samples">All values of the scenario.</param>
    /// <param name="peers">The names of the registries to compare with.</param>
    public static Finding Of(string scenario, Measure measure, Samples samples, IReadOnlyCollection<string> peers)
    {
        IReadOnlyDictionary<string, IReadOnlyList<double>> values = samples.Of(measure.Name);
        Dictionary<string, double> medians = values.ToDictionary(v => v.Key, v => Reporting.Samples.Median(v.Value));
        return new Finding
        {
            Scenario = scenario,
            Measure = measure.Name,
            Unit = measure.Unit,
            MoreIsBetter = measure.MoreIsBetter,
            Medians = medians,
            Samples = values,
            Verdicts = [.. Subjects(measure).Where(g => medians.ContainsKey(g.Subject)).Select(g => Verdict.Of(g, measure, medians, peers))],
        };
    }

    // What nothing is wanted of is compared all the same.
    private static IEnumerable<Goal> Subjects(Measure measure) => measure.Goals.Count > 0
        ? measure.Goals
        : [new Goal(Candidates.Candidate.Ours, Ratio: null), new Goal(Candidates.Candidate.OursCached, Ratio: null)];
}
