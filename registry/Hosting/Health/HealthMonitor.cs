namespace LocalRegistry.Registry.Hosting.Health;

/// <summary>Looks at each thing of the <c>health</c> section at its own interval, and remembers how it stands.</summary>
internal sealed partial class HealthMonitor(IReadOnlyList<HealthProbe> probes, TimeProvider time, ILogger<HealthMonitor> logger) : BackgroundService
{
    private readonly string?[] _problems = new string?[probes.Count];

    /// <summary>
    /// What is wrong, by the name of what was looked at, once it has failed as often in a row as its threshold says; empty while all is well.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Problems
    {
        get
        {
            var problems = new List<KeyValuePair<string, string>>();
            foreach ((int index, HealthProbe probe) in probes.Index())
            {
                if (Volatile.Read(ref _problems[index]) is { } problem)
                {
                    problems.Add(KeyValuePair.Create(probe.Name, problem));
                }
            }

            return problems;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(probes.Select((probe, index) => WatchAsync(probe, index, stoppingToken)));

    private async Task WatchAsync(HealthProbe probe, int index, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(probe.Interval, time);
        int failures = 0;
        do
        {
            if (await probe.FindProblemAsync(stoppingToken) is { } problem)
            {
                failures++;
                LogFailure(probe.Name, failures, problem);
                if (failures >= probe.Threshold)
                {
                    Volatile.Write(ref _problems[index], problem);
                }
            }
            else
            {
                if (failures > 0)
                {
                    LogRecovered(probe.Name);
                }

                failures = 0;
                Volatile.Write(ref _problems[index], null);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Warning, "the health check {Check} failed, {Failures} times in a row: {Problem}")]
    private partial void LogFailure(string check, int failures, string problem);

    [LoggerMessage(2, LogLevel.Information, "the health check {Check} passes again")]
    private partial void LogRecovered(string check);
}
