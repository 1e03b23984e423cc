using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Benchmarks.Store;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>Blobs pushed as containerd does: the digest is known from the start.</summary>
internal sealed class PutPush : Scenario
{
    private const int Many = 16;
    private const string One = "100 MB, 1 client";
    private const string All = "100 MB, 16 clients";
    private const string Cpu = "CPU, 16 clients";
    private const string Peak = "peak memory, 16 clients";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<TestBlob> _blobs = [];

    public override string Name => "put-push";

    public override string About => "blobs of 100 MB pushed with one PUT each, as containerd does: one after the other, and 16 at once; s3 takes them without a registry";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        Measure.Throughput(One, new Goal(Candidate.Ours, 2)),
        Measure.Throughput(All, new Goal(Candidate.Ours, 2)),
        Measure.CpuPerGigabyte(Cpu, new Goal(Candidate.Ours, 1)),
        Measure.Memory(Peak, Goal.AtMost(Candidate.Ours, 64)),
    ];

    public override bool Takes(Candidate candidate) => candidate.IsRegistry || candidate.Kind == CandidateKind.S3;

    public override Task PrepareAsync(Bench bench, CancellationToken ct)
    {
        _blobs.AddRange(Enumerable.Range(0, Many).Select(i => TestBlob.Create(bench.Sizes.Layer, 100 + i)));
        return Task.CompletedTask;
    }

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        string[] roots = [bench.NewRoot(), bench.NewRoot()];
        try
        {
            using (RunningCandidate running = await bench.StartAsync(candidate, ct, roots[0]))
            {
                samples.Add(One, candidate, Push(running, roots[0], clients: 1, each: 4).MegabytesPerSecond);
            }

            using (RunningCandidate running = await bench.StartAsync(candidate, ct, roots[1]))
            {
                double before = candidate.IsRegistry ? running.Figures.Cpu : 0;
                LoadResult result = Push(running, roots[1], Many, each: 1);
                samples.Add(All, candidate, result.MegabytesPerSecond);
                if (candidate.IsRegistry)
                {
                    ProcessFigures after = running.Figures;
                    samples.Add(Cpu, candidate, (after.Cpu - before) / result.Gigabytes);
                    samples.Add(Peak, candidate, after.Peak);
                }
            }
        }
        finally
        {
            foreach (string root in roots)
            {
                await bench.Store.RemoveAsync(root, ct);
            }
        }
    }

    private LoadResult Push(RunningCandidate running, string root, int clients, int each) => Load.Run(running.Target, clients, (connection, client, _, _) =>
    {
        foreach (TestBlob blob in _blobs.Skip(client * each).Take(each))
        {
            if (running.Candidate.Kind == CandidateKind.S3)
            {
                BenchStore.Put(connection, KeyNames.Blob(root, blob.Digest), blob.Size, blob.Write);
            }
            else
            {
                BlobPush.Push(connection, "pushed", blob);
            }
        }

        return _blobs.Skip(client * each).Take(each).Sum(b => b.Size);
    }, Patience);
}
