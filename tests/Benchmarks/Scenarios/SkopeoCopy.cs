using System.Diagnostics;
using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Reporting;
using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>An image goes in and comes out, with a client that people use.</summary>
internal sealed class SkopeoCopy : Scenario
{
    private const string Push = "push, 5 x 100 MB";
    private const string Pull = "pull, 5 x 100 MB";
    private const string PushCpu = "CPU of the push";
    private const string PullCpu = "CPU of the pull";

    public override string Name => "skopeo";

    public override string About => "skopeo copies an image of five layers of 100 MB to the registry, and from it once it was started anew";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        Measure.Seconds(Push, new Goal(Candidate.Ours, 2)),
        Measure.Seconds(Pull),
        Measure.CpuPerGigabyte(PushCpu, new Goal(Candidate.Ours, 1)),
        Measure.CpuPerGigabyte(PullCpu, new Goal(Candidate.Ours, 1)),
    ];

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        TestImage image = await bench.PushedAsync();
        string root = bench.NewRoot();
        string target = bench.NewFolder();
        try
        {
            await MeasureAsync(Push, PushCpu, registry => (image.Reference, registry));
            await MeasureAsync(Pull, PullCpu, registry => (registry, $"oci:{target}:latest"));
        }
        finally
        {
            await bench.Store.RemoveAsync(root, ct);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }
        }

        async Task MeasureAsync(string time, string cpu, Func<string, (string Source, string Target)> copy)
        {
            using RunningCandidate running = await bench.StartAsync(candidate, ct, root);
            (string source, string destination) = copy($"docker://{running.Address}/pushed:latest");
            double before = running.Figures.Cpu;
            var clock = Stopwatch.StartNew();
            await CopyAsync(source, destination, ct);
            samples.Add(time, candidate, clock.Elapsed.TotalSeconds);
            samples.Add(cpu, candidate, (running.Figures.Cpu - before) / (bench.PushedSize / 1e9));
        }
    }

    /// <summary>Copies an image with skopeo.</summary>
    /// <exception cref="CandidateException">The registry does not do its part.</exception>
    public static async Task CopyAsync(string source, string target, CancellationToken ct)
    {
        try
        {
            await Skopeo.CopyAsync(source, target, node: null, ct);
        }
        catch (CommandException e)
        {
            throw new CandidateException(e.Message.Trim().Split('\n')[^1]);
        }
    }
}
