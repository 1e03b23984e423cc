using LocalRegistry.Benchmarks.Scenarios;

namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>How one of ours compares with another candidate, and whether that is what was wanted.</summary>
/// <param name="Subject">Which of ours.</param>
/// <param name="Against">Whom it is compared with; null if nobody was measured.</param>
/// <param name="Ratio">How many times better it is: above 1 it is the better one, whatever the unit; null without another.</param>
/// <param name="WantedRatio">What the ratio was to be at least; null if any will do.</param>
/// <param name="WantedLimit">What the median was to be at most; null if any will do.</param>
/// <param name="Met">Whether that was reached; null if nothing was wanted, or it cannot be told.</param>
internal sealed record Verdict(string Subject, string? Against, double? Ratio, double? WantedRatio, double? WantedLimit, bool? Met)
{
    public static Verdict Of(Goal goal, Measure measure, IReadOnlyDictionary<string, double> medians, IReadOnlyCollection<string> peers)
    {
        double subject = medians[goal.Subject];
        string[] others = [.. medians.Keys.Where(goal.Against is null ? peers.Contains : name => name == goal.Against)];
        string? against = measure.MoreIsBetter ? others.MaxBy(name => medians[name]) : others.MinBy(name => medians[name]);
        double? ratio = against is null ? null : measure.MoreIsBetter ? subject / medians[against] : medians[against] / subject;
        bool? met = goal switch
        {
            { Ratio: { } wanted } => ratio is null ? null : ratio >= wanted,
            { Limit: { } limit } => subject <= limit,
            _ => null,
        };
        return new Verdict(goal.Subject, against, ratio, goal.Ratio, goal.Limit, met);
    }
}
