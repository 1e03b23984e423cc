using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Benchmarks.Reporting;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>What a registry takes before anybody asks for an image.</summary>
internal sealed class Start : Scenario
{
    private const string Ready = "ready";
    private const string Idle = "idle memory";
    private const string AfterS3 = "memory after a request to S3";

    public override string Name => "start";

    public override string About => "from the start of the process to its first answer, and its memory then and after a first request that goes to S3";

    public override IReadOnlyList<Measure> Measures { get; } =
    [
        Measure.Milliseconds(Ready, Goal.AtMost(Candidate.Ours, 150), Goal.AtMost(Candidate.OursCached, 150)),
        Measure.Memory(Idle, Goal.AtMost(Candidate.Ours, 30), Goal.AtMost(Candidate.OursCached, 30)),
        Measure.Memory(AfterS3, new Goal(Candidate.Ours, 1), new Goal(Candidate.OursCached, 1)),
    ];

    // A start is over at once, and its time varies.
    public override int Rounds(int asked) => asked * 3;

    // The first of each only brings its executable into memory.
    public override async Task PrepareAsync(Bench bench, CancellationToken ct)
    {
        foreach (Candidate candidate in bench.Candidates.Where(Takes))
        {
            try
            {
                (await bench.StartAsync(candidate, ct)).Dispose();
            }
            catch (CandidateException)
            {
                // The measurement says so.
            }
        }
    }

    public override async Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct)
    {
        using RunningCandidate running = await bench.StartAsync(candidate, ct);
        double idle = running.Figures.Resident;
        using (var connection = new HttpConnection(running.Target))
        {
            HttpAnswer answer = connection.Ask(HttpRequest.Get(running.Target, "/v2/absent/manifests/latest"));
            if (answer.Status != 404)
            {
                throw new CandidateException($"{answer.Status} for an image that is not there: it does not reach S3");
            }
        }

        samples.Add(Ready, candidate, running.Ready.TotalMilliseconds);
        samples.Add(Idle, candidate, idle);
        samples.Add(AfterS3, candidate, running.Figures.Resident);
    }
}
