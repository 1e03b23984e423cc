using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>The small requests with which pulls begin.</summary>
internal sealed class Rate : Scenario
{
    private const int Clients = 16;

    private static readonly (string What, Func<Bench, string> Path, bool IsHead)[] Asked =
    [
        ("manifest by tag", bench => bench.Image.TagPath, false),
        ("manifest by digest", bench => bench.Image.DigestPath, false),
        ("blob HEAD", bench => bench.Image.BlobPath(bench.Image.Layers[0]), true),
    ];

    public override string Name => "rate";

    public override string About => "small requests of 16 clients that were asked before, as many as go, and how long they take at half that rate";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        .. Asked.SelectMany(asked => new[]
        {
            Measure.Rate(asked.What, new Goal(Candidate.Ours, 5), new Goal(Candidate.OursCached, 5)),
            Measure.Milliseconds(SlowestOf(asked.What), Goal.AtMost(Candidate.Ours, 2), Goal.AtMost(Candidate.OursCached, 2)),
        }),
    ];

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        using RunningCandidate running = await bench.StartAsync(candidate, ct);
        foreach ((string what, Func<Bench, string> path, bool isHead) in Asked)
        {
            byte[] request = isHead ? HttpRequest.Head(running.Target, path(bench)) : HttpRequest.Get(running.Target, path(bench));
            Warm.Ask(running, request);
            LoadResult most = Load.Run(running.Target, Clients, (_, _) => request, bench.Sizes.Time / 2);
            samples.Add(what, candidate, most.RequestsPerSecond);
            LoadResult half = Load.RunPaced(running.Target, Clients, request, most.RequestsPerSecond / 2, bench.Sizes.Time / 2);
            samples.Add(SlowestOf(what), candidate, half.Latencies.Percentile(0.99));
        }
    }

    private static string SlowestOf(string what) => $"{what}, p99 at half load";
}
