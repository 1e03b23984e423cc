using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>The small requests with which pulls begin.</summary>
internal sealed class Rate : Scenario
{
    private const int Clients = 16;
    private const string Tag = "manifest by tag";
    private const string Head = "blob HEAD";

    private static readonly (string What, Func<Bench, string> Path, bool IsHead)[] Asked =
    [
        (Tag, bench => bench.Image.TagPath, false),
        ("manifest by digest", bench => bench.Image.DigestPath, false),
        (Head, bench => bench.Large.BlobPath(bench.LargeBlob), true),
    ];

    public override string Name => "rate";

    public override string About => "small requests of 16 clients that were asked before, as many as go, and how long they take at half that rate; nginx answers for a file, and s3 for the object that says what a tag names, with one client";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        .. Asked.SelectMany(asked => new[]
        {
            Measure.Rate(asked.What, new Goal(Candidate.Ours, 5), new Goal(Candidate.OursCached, 5)),
            Measure.Milliseconds(SlowestOf(asked.What), Goal.AtMost(Candidate.Ours, 2), Goal.AtMost(Candidate.OursCached, 2)),
        }),
    ];

    public override bool Takes(Candidate candidate) => true;

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        using RunningCandidate running = await bench.StartAsync(candidate, ct);
        if (candidate.Kind == CandidateKind.S3)
        {
            // A registry that asks S3 each time cannot be faster, however many share an answer.
            Ask(running, HttpRequest.Get(running.Target, bench.TagLinkPath), Tag, 1);
            return;
        }

        foreach ((string what, Func<Bench, string> path, bool isHead) in Asked.Where(asked => candidate.IsRegistry || asked.What == Head))
        {
            byte[] request = isHead ? HttpRequest.Head(running.Target, path(bench)) : HttpRequest.Get(running.Target, path(bench));
            Ask(running, request, what, Clients);
        }

        void Ask(RunningCandidate asked, byte[] request, string what, int clients)
        {
            Warm.Ask(asked, request);
            LoadResult most = Load.Run(asked.Target, clients, (_, _) => request, bench.Sizes.Time / 2);
            samples.Add(what, candidate, most.RequestsPerSecond);
            LoadResult half = Load.RunPaced(asked.Target, clients, request, most.RequestsPerSecond / 2, bench.Sizes.Time / 2);
            samples.Add(SlowestOf(what), candidate, half.Latencies.Percentile(0.99));
        }
    }

    private static string SlowestOf(string what) => $"{what}, p99 at half load";
}
