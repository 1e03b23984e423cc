using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>How throughput grows with clients.</summary>
internal sealed class ClientsCurve : Scenario
{
    private static readonly int[] Steps = [1, 2, 4, 8, 16, 32, 64];

    public override string Name => "curve-clients";

    public override string About => "GET of a blob of 100 MB that was pulled before, by more and more clients";

    public override IReadOnlyList<Measure> Measures { get; } = [.. Steps.Select(n => Measure.Throughput(Of(n)))];

    public override bool Takes(Candidate candidate) => candidate.IsRegistry;

    public override int Rounds(int asked) => 1;

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        using RunningCandidate running = await bench.StartAsync(candidate, ct);
        byte[] get = HttpRequest.Get(running.Target, bench.Image.BlobPath(bench.Image.Layers[0]));
        Warm.Ask(running, get);
        foreach (int clients in Steps.Take(bench.Sizes.Steps))
        {
            samples.Add(Of(clients), candidate, Load.Run(running.Target, clients, (_, _) => get, bench.Sizes.Time / 2).MegabytesPerSecond);
        }
    }

    private static string Of(int clients) => FormattableString.Invariant($"{clients} client{(clients > 1 ? "s" : "")}");
}
