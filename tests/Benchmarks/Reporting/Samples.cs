namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>What was measured of all candidates in a scenario.</summary>
internal sealed class Samples
{
    private readonly Dictionary<(string Measure, string Candidate), List<double>> _all = [];
    private readonly Dictionary<string, string> _remarks = [];

    public void Add(string measure, Candidates.Candidate candidate, double value)
    {
        if (!_all.TryGetValue((measure, candidate.Name), out List<double>? values))
        {
            _all[(measure, candidate.Name)] = values = [];
        }

        values.Add(value);
    }

    /// <summary>By candidate: what was said of it last that is not a number.</summary>
    public IReadOnlyDictionary<string, string> Remarks => _remarks;

    /// <summary>Keeps what is not a number.</summary>
    public void Remark(Candidates.Candidate candidate, string text) => _remarks[candidate.Name] = text;

    /// <summary>All values of a measure, by candidate, in the order in which they came.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Of(string measure) =>
        _all.Where(pair => pair.Key.Measure == measure).ToDictionary(pair => pair.Key.Candidate, pair => (IReadOnlyList<double>)pair.Value);

    /// <summary>The value in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
