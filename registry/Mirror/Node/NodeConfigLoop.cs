using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>
/// Keeps a node's runtime told of the mirrors for as long as it runs: from when the registry answers, whatever changes the files in the meantime,
/// until it is asked to stop, when everything is put back as it was.
/// </summary>
internal sealed partial class NodeConfigLoop(
    MirrorConfiguration configuration, NodeMirrors mirrors, NodeRegistry registry, StatusFile status, TimeProvider time, ILogger<NodeConfigLoop> logger)
{
    /// <summary>How often the files are looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>How often while something is waited for.</summary>
    public static readonly TimeSpan WaitingInterval = TimeSpan.FromSeconds(1);

    private NodeReport? _last;
    private bool _isApplied;

    /// <summary>Runs until it is cancelled, and restores.</summary>
    /// <returns>Whether everything could be put back.</returns>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(WaitingInterval, time);
        try
        {
            do
            {
                NodeReport report = await LookAsync(stop);
                Tell(report);
                timer.Period = report.State == NodeState.Waiting ? WaitingInterval : Interval;
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It is asked to stop.
        }

        NodeReport restored = mirrors.Restore();
        Tell(restored);
        return restored.State == NodeState.Restored;
    }

    private async Task<NodeReport> LookAsync(CancellationToken stop)
    {
        NodeLook look = mirrors.Inspect();
        // The first time also what is not asked for any more is put back, and what a process left that was killed.
        if (look.IsBlocked || (_isApplied && !look.Differs))
        {
            return look.Report;
        }

        if (!await registry.StandsInAsync(stop))
        {
            return NodeReports.Waiting(look.Report, configuration.Registry.ToString());
        }

        if (_isApplied)
        {
            LogRepair(look.Report.Message);
        }

        _isApplied = true;
        return mirrors.Apply().Report;
    }

    private void Tell(NodeReport report)
    {
        if (report != _last)
        {
            LogReport(report.State == NodeState.Blocked ? LogLevel.Warning : LogLevel.Information, report.State, report.Reason, report.Configured, report.Hosts, report.Message);
            _last = report;
            if (status.Write(report) is { } problem)
            {
                LogStatus(problem);
                // Tried again with the next look.
                _last = null;
            }
        }
    }

    [LoggerMessage(EventId = 1, Message = "{State} ({Reason}), {Configured} of {Hosts} hosts: {Message}")]
    private partial void LogReport(LogLevel level, NodeState state, string reason, int configured, int hosts, string message);

    [LoggerMessage(2, LogLevel.Warning, "files of the node are not as they were written, and are written again: {Message}")]
    private partial void LogRepair(string message);

    [LoggerMessage(3, LogLevel.Error, "the status file cannot be written: {Problem}")]
    private partial void LogStatus(string problem);
}
