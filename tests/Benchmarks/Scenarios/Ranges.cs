using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>Small parts of a large blob, as lazy snapshotters ask for.</summary>
internal sealed class Ranges : Scenario
{
    private const int Clients = 16;
    private const int Length = 1_000_000;
    private const string Cold = "1 MB, 16 clients, cold";
    private const string Hot = "1 MB, 16 clients, hot";

    public override string Name => "ranges";

    public override string About => "ranges of 1 MB at random places of a blob of 1 GB: from a registry just started, and after the blob was pulled whole";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        Measure.Throughput(Cold, new Goal(Candidate.Ours, 5)),
        Measure.Throughput(Hot, new Goal(Candidate.OursCached, 5)),
    ];

    public override bool Takes(Candidate candidate) => candidate.Kind != CandidateKind.S3;

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        using RunningCandidate running = await bench.StartAsync(candidate, ct);
        string path = Bench.PathOf(candidate, bench.Large, bench.LargeBlob);

        // The same places for each candidate.
        Random[] places = [.. Enumerable.Range(1, Clients).Select(seed => new Random(seed))];
        byte[] Next(int client) => HttpRequest.Range(running.Target, path, places[client].NextInt64(bench.Sizes.Large - Length), Length);
        if (candidate.IsRegistry)
        {
            samples.Add(Cold, candidate, Load.Run(running.Target, Clients, (client, _) => Next(client), bench.Sizes.Time).MegabytesPerSecond);
        }

        Warm.Ask(running, HttpRequest.Get(running.Target, path));
        samples.Add(Hot, candidate, Load.Run(running.Target, Clients, (client, _) => Next(client), bench.Sizes.Time).MegabytesPerSecond);
    }
}
