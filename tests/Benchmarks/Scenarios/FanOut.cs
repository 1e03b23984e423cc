using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Benchmarks.Store;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>All pods of a node start at once.</summary>
internal sealed class FanOut : Scenario
{
    private const int Clients = 50;
    private const string Time = "50 pulls at once";
    private const string Bytes = "bytes from S3 by bytes of the image";
    private const string Requests = "requests to S3";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public override string Name => "fan-out";

    public override string About => "50 clients pull the same image of 5 x 10 MB at once from a registry just started";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        Measure.Seconds(Time),
        new(Bytes, "images", MoreIsBetter: false, Goal.AtMost(Candidate.OursCached, 1.05)),
        Measure.Requests(Requests),
    ];

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        StoredImage image = bench.Small;
        using RunningCandidate running = await bench.StartAsync(candidate, ct, s3: bench.Counting.Target);
        byte[][] requests =
        [
            HttpRequest.Head(running.Target, image.TagPath),
            HttpRequest.Get(running.Target, image.DigestPath),
            .. image.Blobs.Select(b => HttpRequest.Get(running.Target, image.BlobPath(b))),
        ];
        S3Counts before = bench.Counting.Counts;
        LoadResult result = Load.Run(running.Target, Clients, (_, n) => n < requests.Length ? requests[n] : null, Patience);
        S3Counts passed = bench.Counting.Counts.Since(before);
        samples.Add(Time, candidate, result.Elapsed.TotalSeconds);
        samples.Add(Bytes, candidate, (double)passed.Received / image.Size);
        samples.Add(Requests, candidate, passed.Total);
        samples.Remark(candidate, passed.ToString());
    }
}
