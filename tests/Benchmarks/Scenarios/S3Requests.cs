using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Benchmarks.Store;
using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>What S3 is asked for, which costs money and time.</summary>
internal sealed class S3Requests : Scenario
{
    private const string Push = "push, 5 x 100 MB";
    private const string Pull = "pull, 5 x 100 MB";
    private const string Sent = "sent to S3 by the push";
    private const string Received = "received from S3 by the pull";

    public override string Name => "s3-requests";

    public override string About => "requests to S3 while skopeo pushes an image of five layers of 100 MB, and pulls it from a registry just started";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        Measure.Requests(Push, new Goal(Candidate.Ours, 2), new Goal(Candidate.OursCached, 2)),
        Measure.Requests(Pull, new Goal(Candidate.Ours, 2), new Goal(Candidate.OursCached, 2)),
        Measure.Megabytes(Sent),
        Measure.Megabytes(Received),
    ];

    // They hardly vary.
    public override int Rounds(int asked) => 1;

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        TestImage image = await bench.PushedAsync();
        string root = bench.NewRoot();
        string target = bench.NewFolder();
        try
        {
            S3Counts push = await CountAsync(registry => SkopeoCopy.CopyAsync(image.Reference, registry, ct));
            S3Counts pull = await CountAsync(registry => SkopeoCopy.CopyAsync(registry, $"oci:{target}:latest", ct));
            samples.Add(Push, candidate, push.Total);
            samples.Add(Pull, candidate, pull.Total);
            samples.Add(Sent, candidate, push.Sent / 1e6);
            samples.Add(Received, candidate, pull.Received / 1e6);
            samples.Remark(candidate, $"push: {push}; pull: {pull}");
        }
        finally
        {
            await bench.Store.RemoveAsync(root, ct);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }
        }

        async Task<S3Counts> CountAsync(Func<string, Task> copy)
        {
            using RunningCandidate running = await bench.StartAsync(candidate, ct, root, bench.Counting.Target);
            S3Counts before = bench.Counting.Counts;
            await copy($"docker://{running.Address}/pushed:latest");
            return bench.Counting.Counts.Since(before);
        }
    }
}
