using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Benchmarks.Store;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>Blobs that nothing is known of yet.</summary>
internal sealed class ColdGet : Scenario
{
    private const int Many = 16;
    private const string Cpu = "CPU, 1 GB, 16 clients";
    private const string Peak = "peak memory, 1 GB, 16 clients";

    public override string Name => "cold-get";

    public override string About => "GET of a blob from a registry just started: one client, and 16 of the same blob at once";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        Measure.Throughput("100 MB, 1 client", new Goal(Candidate.Ours, 1.3)),
        Measure.Throughput("100 MB, 16 clients", new Goal(Candidate.Ours, 1.3)),
        Measure.Throughput("1 GB, 1 client", new Goal(Candidate.Ours, 1.3)),
        Measure.Throughput("1 GB, 16 clients", new Goal(Candidate.Ours, 1.3)),
        Measure.CpuPerGigabyte(Cpu, new Goal(Candidate.Ours, 1)),
        Measure.Memory(Peak, Goal.AtMost(Candidate.Ours, 64), Goal.AtMost(Candidate.OursCached, 64)),
    ];

    public override bool Takes(Candidate candidate) => candidate.IsRegistry || candidate.Kind == CandidateKind.S3;

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        await MeasureAsync("100 MB", bench.Image, 1);
        await MeasureAsync("100 MB", bench.Image, Many);
        await MeasureAsync("1 GB", bench.Large, 1);
        await MeasureAsync("1 GB", bench.Large, Many);

        async Task MeasureAsync(string size, StoredImage image, int clients)
        {
            using RunningCandidate running = await bench.StartAsync(candidate, ct);
            byte[] get = HttpRequest.Get(running.Target, Bench.PathOf(candidate, image, image.Layers[0]));
            double before = candidate.IsRegistry ? running.Figures.Cpu : 0;
            LoadResult result = Load.Run(running.Target, clients, (_, n) => n == 0 ? get : null, bench.Sizes.Time);
            samples.Add($"{size}, {clients} client{(clients > 1 ? "s" : "")}", candidate, result.MegabytesPerSecond);
            if (candidate.IsRegistry && size == "1 GB" && clients == Many)
            {
                ProcessFigures after = running.Figures;
                samples.Add(Cpu, candidate, (after.Cpu - before) / result.Gigabytes);
                samples.Add(Peak, candidate, after.Peak);
            }
        }
    }
}
