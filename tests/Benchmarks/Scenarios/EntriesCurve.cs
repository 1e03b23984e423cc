using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Benchmarks.Store;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>What a start takes where the cache is full of small things.</summary>
internal sealed class EntriesCurve : Scenario
{
    // Where our registry's cache keeps content, and the file that says that a folder is a cache's.
    private const string Marker = "localregistry-cache";
    private const string Content = "content/sha256";
    private const int EntrySize = 200;

    // Small content is given before there is room for it; this is not small.
    private const int AskedSize = 1024 * 1024;

    private static readonly int[] Steps = [0, 1_000, 10_000, 100_000];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private StoredImage? _asked;

    public override string Name => "curve-entries";

    public override string About => "a start with more and more entries in the node's cache, and the first blob that it does not have: it waits until they are counted";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        .. Steps.SelectMany(n => new[]
        {
            Measure.Milliseconds(Ready(n)),
            Measure.Milliseconds(First(n), n == Steps[^1] ? [Goal.AtMost(Candidate.OursCached, 1_000)] : []),
            Measure.Memory(Memory(n)),
        }),
    ];

    public override bool Takes(Candidate candidate) => candidate.Kind == CandidateKind.OursCached;

    public override int Rounds(int asked) => 1;

    public override Task PrepareAsync(Bench bench, CancellationToken ct)
    {
        _asked = StoredImage.Write(bench.Store.Target, Bench.Root, "bench/asked", [.. Steps.Select(n => TestBlob.Create(AskedSize, n + 1))]);
        return Task.CompletedTask;
    }

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        string folder = bench.NewFolder();
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, Marker), "", ct);
        try
        {
            int filled = 0;
            foreach ((int step, int entries) in Steps.Take(bench.Sizes.Steps).Index())
            {
                for (; filled < entries; filled++)
                {
                    Fill(folder, TestBlob.Create(EntrySize, -1 - filled));
                }

                using RunningCandidate running = await bench.StartAsync(candidate, ct, cacheFolder: folder);
                byte[] get = HttpRequest.Get(running.Target, _asked!.BlobPath(_asked.Layers[step]));
                LoadResult first = Load.Run(running.Target, 1, (_, n) => n == 0 ? get : null, Patience);
                samples.Add(Ready(entries), candidate, running.Ready.TotalMilliseconds);
                samples.Add(First(entries), candidate, first.Latencies.Percentile(1));
                samples.Add(Memory(entries), candidate, running.Figures.Resident);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Fill(string folder, TestBlob blob)
    {
        string hex = blob.Digest["sha256:".Length..];
        string parent = Path.Combine(folder, Content, hex[..2]);
        Directory.CreateDirectory(parent);
        using FileStream file = File.Create(Path.Combine(parent, hex));
        blob.Write(file.Write);
    }

    private static string Ready(int entries) => FormattableString.Invariant($"ready, {entries:#,0} entries");

    private static string First(int entries) => FormattableString.Invariant($"first cold blob, {entries:#,0} entries");

    private static string Memory(int entries) => FormattableString.Invariant($"memory, {entries:#,0} entries");
}
