using System.Diagnostics;
using System.Globalization;
using System.Net;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks.Candidates;

/// <summary>A candidate's process.</summary>
internal sealed class RunningCandidate : IDisposable
{
    private const string CacheSize = "20Gi";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bench-candidate-");
    private readonly Process? _process;
    private bool _isComplaintError;

    private RunningCandidate(Candidate candidate, Func<string, string, string> config, string? cacheFolder)
    {
        Candidate = candidate;
        Target = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
        string file = Path.Combine(_folder.FullName, "config");
        File.WriteAllText(file, config(Address, _folder.FullName));
        string[] arguments = candidate.Kind switch
        {
            CandidateKind.Nginx => ["-p", _folder.FullName, "-c", file, "-e", Path.Combine(_folder.FullName, "error.log")],
            CandidateKind.OursCached => ["serve", file, "--cache", cacheFolder ?? Path.Combine(_folder.FullName, "cache"), "--cache-size", CacheSize],
            _ => ["serve", file],
        };
        var start = new ProcessStartInfo(candidate.Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        // The old AWS SDK of Docker's registry 2.8 takes the bundle for its only trust and then fails over plain http too.
        start.Environment.Remove("AWS_CA_BUNDLE");

        // Docker's registry 3 sends traces to a collector unless told otherwise.
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data, isError: true);
    }

    private RunningCandidate(Candidate candidate, IPEndPoint target)
    {
        Candidate = candidate;
        Target = target;
    }

    public Candidate Candidate { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Target { get; }

    /// <summary>Where it listens, as it stands in an image's name.</summary>
    public string Address => Target.ToString();

    /// <summary>From the start of its process to its first answer.</summary>
    public TimeSpan Ready { get; private set; }

    /// <summary>What it printed first, which is told to log errors alone; null for nothing.</summary>
    public string? Complaint { get; private set; }

    /// <summary>What its process takes and took.</summary>
    public ProcessFigures Figures => ProcessFigures.Of((_process ?? throw new CandidateException("its process is another's")).Id);

    /// <summary>What runs already.</summary>
    public static RunningCandidate Of(Candidate candidate, IPEndPoint target) => new(candidate, target);

    /// <summary>Starts it and waits for its first answer.</summary>
    /// <param name="candidate">What to start.</param>
    /// <param name="config">The text of its configuration, of the address that it listens on and its folder.</param>
    /// <param name="cacheFolder">Where its cache is, if it has one; null for an empty one.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CandidateException">It ended, or does not answer.</exception>
    public static async Task<RunningCandidate> StartAsync(
        Candidate candidate, Func<string, string, string> config, string? cacheFolder, CancellationToken ct)
    {
        var running = new RunningCandidate(candidate, config, cacheFolder);
        try
        {
            await running.StartAsync(running._process!, ct);
            return running;
        }
        catch
        {
            running.Dispose();
            throw;
        }
    }

    /// <summary>Ends it without a word; what is measured is not its end.</summary>
    public void Dispose()
    {
        try
        {
            _process?.Kill(entireProcessTree: true);
            _process?.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It could not be started, or has ended.
        }

        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task StartAsync(Process process, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CandidateException($"{Candidate.Program} cannot be started: {e.Message}");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        byte[] request = HttpRequest.Get(Target, Candidate.Kind == CandidateKind.Nginx ? "/" : "/v2/");
        while (!HttpConnection.TryAsk(Target, request))
        {
            if (process.HasExited)
            {
                process.WaitForExit();
                throw new CandidateException($"it ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)} right after its start: {Complaint}");
            }

            if (clock.Elapsed > Deadline)
            {
                throw new CandidateException($"it did not answer within {Deadline.TotalSeconds:0} s: {Complaint}");
            }

            await Task.Delay(Pause, ct);
        }

        Ready = clock.Elapsed;
    }

    // The first line says what was wrong; what follows is help, or the same again.
    private void Note(string? line, bool isError = false)
    {
        if (!string.IsNullOrWhiteSpace(line) && (Complaint is null || (isError && !_isComplaintError)))
        {
            Complaint = line.Trim();
            _isComplaintError = isError;
        }
    }
}
