using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Benchmarks.Store;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>How the time for a blob grows with its size.</summary>
internal sealed class SizesCurve : Scenario
{
    private const string Root = "sizes";
    private const long Small = 1_000_000;

    private static readonly (string Name, long Bytes)[] Steps =
    [
        ("1 KB", 1_000), ("8 KB", 8_000), ("64 KB", 64_000), ("512 KB", 512_000), ("4 MB", 4_000_000), ("32 MB", 32_000_000), ("256 MB", 256_000_000), ("2 GB", 2_000_000_000),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<(string Name, StoredImage Image)> _images = [];

    public override string Name => "curve-sizes";

    public override string About => "the time of one client's GET of a cold blob, larger and larger";

    public override IReadOnlyList<Measure> Measures { get; } = [.. Steps.Select(s => Measure.Milliseconds(s.Name))];

    public override int Rounds(int asked) => 1;

    public override Task PrepareAsync(Bench bench, CancellationToken ct)
    {
        int number = 0;
        foreach ((string name, long bytes) in Steps.Take(bench.Sizes.Steps))
        {
            // What takes a moment only is measured more often; each blob is cold but once.
            IEnumerable<TestBlob> blobs = Enumerable.Range(0, bytes < Small ? 9 : 1).Select(_ => TestBlob.Create(bytes, number++));
            _images.Add((name, StoredImage.Write(bench.Store.Target, Root, $"size-{_images.Count}", [.. blobs])));
        }

        return Task.CompletedTask;
    }

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        using RunningCandidate running = await bench.StartAsync(candidate, ct, Root);
        Warm.Ask(running, HttpRequest.Get(running.Target, _images[0].Image.BlobPath(_images[0].Image.Config)));
        foreach ((string name, StoredImage image) in _images)
        {
            byte[][] gets = [.. image.Layers.Select(blob => HttpRequest.Get(running.Target, image.BlobPath(blob)))];
            LoadResult result = Load.Run(running.Target, 1, (_, n) => n < gets.Length ? gets[n] : null, Patience);
            samples.Add(name, candidate, result.Latencies.Percentile(0.5));
        }
    }

    public override Task CleanAsync(Bench bench, CancellationToken ct) => bench.Store.RemoveAsync(Root, ct);
}
