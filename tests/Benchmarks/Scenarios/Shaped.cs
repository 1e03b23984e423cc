using System.Diagnostics;
using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Benchmarks.Store;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>Pulls from an S3 that is as far away as S3 is.</summary>
internal sealed class Shaped : Scenario
{
    private const int Resolves = 20;
    private const int RangeSize = 4 * 1024 * 1024;
    private const int MaximumConnections = 32;
    private const string Layer = "pull of one layer of 1 GB";
    private const string Image = "pull of 5 x 100 MB";
    private const string First = "tag resolved for the first time";
    private const string Again = "tag resolved again";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public override string Name => "shaped";

    public override string About => "cold pulls from an S3 with 15 ms to the first byte and 80 MB/s on each connection; s3 is its own: the same bytes in ranges over 32 connections, which is all that this machine can have of it, and one GET of a small object";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        Measure.Throughput(Layer, new Goal(Candidate.Ours, 4), new Goal(Candidate.OursCached, 4)),
        Measure.Throughput(Image, new Goal(Candidate.Ours, 3), new Goal(Candidate.OursCached, 3)),
        Measure.Milliseconds(First),

        // A registry adds something to S3's own time, but no second round trip.
        Measure.Milliseconds(Again, new Goal(Candidate.Ours, 0.9, Against: Candidate.S3), new Goal(Candidate.OursCached, 0.9, Against: Candidate.S3)),
    ];

    public override bool Takes(Candidate candidate) => candidate.IsRegistry || candidate.Kind == CandidateKind.S3;

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        if (candidate.Kind == CandidateKind.S3)
        {
            using RunningCandidate s3 = await bench.StartAsync(candidate, ct, s3: bench.Shaped.Target);
            samples.Add(Again, candidate, Resolve(s3, HttpRequest.Get(s3.Target, bench.TagLinkPath)));
            samples.Add(Layer, candidate, ReadInRanges(s3, [bench.LargeBlob]));
            samples.Add(Image, candidate, ReadInRanges(s3, bench.Image.Layers));
            return;
        }

        using (RunningCandidate running = await bench.StartAsync(candidate, ct, s3: bench.Shaped.Target))
        {
            byte[] get = HttpRequest.Get(running.Target, bench.Large.BlobPath(bench.LargeBlob));
            samples.Add(Layer, candidate, Load.Run(running.Target, 1, (_, n) => n == 0 ? get : null, Patience).MegabytesPerSecond);
        }

        using (RunningCandidate running = await bench.StartAsync(candidate, ct, s3: bench.Shaped.Target))
        {
            samples.Add(Image, candidate, Pull(running, bench.Image));
        }

        using (RunningCandidate running = await bench.StartAsync(candidate, ct, s3: bench.Shaped.Target))
        {
            // Another image first: connections to S3 are there.
            Warm.Ask(running, HttpRequest.Head(running.Target, bench.Large.TagPath));
            byte[] head = HttpRequest.Head(running.Target, bench.Image.TagPath);
            LoadResult first = Load.Run(running.Target, 1, (_, n) => n == 0 ? head : null, Patience);
            samples.Add(First, candidate, first.Latencies.Percentile(1));
            samples.Add(Again, candidate, Resolve(running, head));
        }
    }

    // The manifest first, then all that it names at once; in megabytes a second.
    private static double Pull(RunningCandidate running, StoredImage image)
    {
        byte[][] blobs = [.. image.Blobs.Select(b => HttpRequest.Get(running.Target, image.BlobPath(b)))];
        byte[] manifest = HttpRequest.Get(running.Target, image.TagPath);
        long start = Stopwatch.GetTimestamp();
        Load.Run(running.Target, 1, (_, n) => n == 0 ? manifest : null, Patience);
        LoadResult result = Load.Run(running.Target, blobs.Length, (client, n) => n == 0 ? blobs[client] : null, Patience);
        return result.Bytes / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double ReadInRanges(RunningCandidate s3, IEnumerable<TestBlob> blobs)
    {
        byte[][] ranges = [.. blobs.SelectMany(b => Enumerable.Range(0, (int)((b.Size + RangeSize - 1) / RangeSize)).Select(i => HttpRequest.Range(
            s3.Target, BenchStore.PathOf(KeyNames.Blob(Bench.Root, b.Digest)), (long)i * RangeSize, Math.Min(RangeSize, b.Size - ((long)i * RangeSize)))))];
        int clients = Math.Min(MaximumConnections, ranges.Length);
        return Load.Run(s3.Target, clients, (client, n) => client + (n * clients) is var i && i < ranges.Length ? ranges[i] : null, Patience).MegabytesPerSecond;
    }

    private static double Resolve(RunningCandidate running, byte[] request)
    {
        Warm.Ask(running, request);
        return Load.Run(running.Target, 1, (_, n) => n < Resolves ? request : null, Patience).Latencies.Percentile(0.5);
    }
}
