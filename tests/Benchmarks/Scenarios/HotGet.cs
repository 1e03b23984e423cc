using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>A blob that was asked for before.</summary>
internal sealed class HotGet : Scenario
{
    private const int Many = 16;
    private const string One = "1 GB, 1 client";
    private const string All = "1 GB, 16 clients";
    private const string Cpu = "CPU, 16 clients";
    private const string Peak = "peak memory, 16 clients";

    public override string Name => "hot-get";

    public override string About => "GET of a blob of 1 GB that was pulled before, again and again; nginx sends the same bytes from a file";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        Measure.Throughput(One, new Goal(Candidate.OursCached, 2), new Goal(Candidate.OursCached, 0.9, Against: Candidate.Nginx)),
        Measure.Throughput(All, new Goal(Candidate.OursCached, 2), new Goal(Candidate.OursCached, 0.9, Against: Candidate.Nginx)),
        Measure.CpuPerGigabyte(Cpu, new Goal(Candidate.OursCached, 1)),
        Measure.Memory(Peak, Goal.AtMost(Candidate.OursCached, 64)),
    ];

    public override bool Takes(Candidate candidate) => candidate.IsRegistry || candidate.Kind == CandidateKind.Nginx;

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        using RunningCandidate running = await bench.StartAsync(candidate, ct);
        byte[] get = HttpRequest.Get(running.Target, Bench.PathOf(candidate, bench.Large, bench.LargeBlob));
        Warm.Ask(running, get);
        samples.Add(One, candidate, Load.Run(running.Target, 1, (_, _) => get, bench.Sizes.Time).MegabytesPerSecond);
        ProcessFigures before = running.Figures;
        LoadResult result = Load.Run(running.Target, Many, (_, _) => get, bench.Sizes.Time);
        samples.Add(All, candidate, result.MegabytesPerSecond);
        if (candidate.IsRegistry)
        {
            samples.Add(Cpu, candidate, (running.Figures.Cpu - before.Cpu) / result.Gigabytes);
            samples.Add(Peak, candidate, running.Figures.Peak);
        }
    }
}
