using System.Diagnostics;
using System.Globalization;
using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Benchmarks.Scenarios;

namespace LocalRegistry.Benchmarks;

/// <summary>Runs scenarios one after the other, in each all candidates in turn, so that what else the machine does hits all alike.</summary>
internal sealed class BenchRun(Bench bench, int rounds, TextWriter progress)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<Finding> _findings = [];
    private readonly List<Remark> _remarks = [];
    private readonly HashSet<(string Scenario, string Candidate)> _complaints = [];

    public async Task<BenchResult> RunAsync(IReadOnlyList<Scenario> scenarios, CancellationToken ct)
    {
        foreach (Scenario scenario in scenarios)
        {
            await RunAsync(scenario, ct);
        }

        return new BenchResult
        {
            Date = TimeProvider.System.GetUtcNow(),
            Machine = MachineFacts.Read(),
            Versions = bench.Candidates.ToDictionary(c => c.Name, c => c.Version),
            Rounds = rounds,
            Scenarios = scenarios.ToDictionary(s => s.Name, s => s.About),
            Findings = _findings,
            Remarks = _remarks,
        };
    }

    private async Task RunAsync(Scenario scenario, CancellationToken ct)
    {
        var samples = new Samples();
        List<Candidate> candidates = [.. bench.Candidates.Where(scenario.Takes)];
        Say($"{scenario.Name}: {scenario.About}");
        try
        {
            await scenario.PrepareAsync(bench, ct);
            for (int round = 1; round <= scenario.Rounds(rounds); round++)
            {
                foreach (Candidate candidate in candidates.ToArray())
                {
                    if (!await TryAsync(scenario, candidate, samples, round, ct))
                    {
                        candidates.Remove(candidate);
                    }
                }
            }
        }
        finally
        {
            await scenario.CleanAsync(bench, CancellationToken.None);
        }

        _remarks.AddRange(samples.Remarks.Select(r => new Remark(scenario.Name, r.Key, r.Value)));
        string[] peers = [.. bench.Candidates.Where(c => c.IsPeer).Select(c => c.Name)];
        _findings.AddRange(scenario.Measures.Select(m => Finding.Of(scenario.Name, m, samples, peers)));
    }

    private async Task<bool> TryAsync(Scenario scenario, Candidate candidate, Samples samples, int round, CancellationToken ct)
    {
        try
        {
            ct.ThrowIfCancellationRequested();
            await scenario.MeasureAsync(bench, candidate, samples, ct);

            // Docker's registries call it an error that somebody asks for what is not there; of ours none is expected.
            foreach (string complaint in bench.TakeComplaints().Where(_ => candidate.IsOurs))
            {
                Say($"  {candidate.Name} says: {complaint}");
                if (_complaints.Add((scenario.Name, candidate.Name)))
                {
                    _remarks.Add(new Remark(scenario.Name, candidate.Name, $"says: {complaint}"));
                }
            }
        }
        catch (CandidateException e)
        {
            Say($"  {candidate.Name} not measured: {e.Message}");
            _remarks.Add(new Remark(scenario.Name, candidate.Name, $"not measured: {e.Message}"));
            return false;
        }

        IEnumerable<string> last = scenario.Measures
            .Select(m => (m.Name, m.Unit, Values: samples.Of(m.Name).GetValueOrDefault(candidate.Name)))
            .Where(m => m.Values is not null)
            .Select(m => $"{m.Name} {Report.Number(m.Values![^1])} {m.Unit}");
        Say($"  {round} {candidate.Name}: {string.Join("; ", last)}");
        return true;
    }

    private void Say(string line) => progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{_clock.Elapsed.TotalSeconds,4:0}s] {line}"));
}
