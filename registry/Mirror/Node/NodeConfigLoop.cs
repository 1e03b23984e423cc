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
    private NodeReport? _applied;
    private bool _isTold;
    private string _withdrawn = "";

    /// <summary>Runs until it is cancelled, and restores; or until the folder that is written to is not the node's any more.</summary>
    /// <returns>Whether everything could be put back.</returns>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using var folder = new FolderWatch(configuration.Runtime!.Directories[0]);
        using var timer = new PeriodicTimer(WaitingInterval, time);
        try
        {
            do
            {
                if (folder.Look() is { } gone)
                {
                    return Leave(gone);
                }

                NodeReport report = await TryLookAsync(stop);
                Tell(report);
                timer.Period = report.State == NodeState.Waiting ? WaitingInterval : Interval;
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It is asked to stop.
        }

        if (folder.Look() is { } goneSince)
        {
            return Leave(goneSince);
        }

        NodeReport restored = mirrors.Restore();
        Tell(restored);
        return restored.State == NodeState.Restored;
    }

    // What was written went with the folder, or lies where this process cannot reach it.
    private bool Leave(string gone)
    {
        Tell(NodeReports.Leaving(gone, configuration.Mirrors.Count), LogLevel.Warning);
        return false;
    }

    // Whatever goes wrong in one look, the next may go well, and somebody has to be told.
    private async Task<NodeReport> TryLookAsync(CancellationToken stop)
    {
        try
        {
            return await LookAsync(stop);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            LogFailed(e, e.GetType().FullName);
            return NodeReports.Failed(e, configuration.Mirrors.Count);
        }
    }

    private async Task<NodeReport> LookAsync(CancellationToken stop)
    {
        RegistryAnswer answer = await registry.AskAsync(stop);
        NodeLook look = mirrors.Inspect();
        if (answer.Standing == RegistryStanding.Otherwise)
        {
            return Withdraw(look, answer.Unknown);
        }

        if (look.IsBlocked)
        {
            return look.Report;
        }

        // The first time also what is not asked for any more is put back, and what a process left that was killed; what could not be is tried again.
        bool isDone = _applied?.State == NodeState.Configured;
        if (!look.Differs && _applied is not null && (isDone || answer.Standing == RegistryStanding.Silent))
        {
            return isDone ? look.Report : _applied;
        }

        if (answer.Standing == RegistryStanding.Silent)
        {
            return NodeReports.Waiting(look.Report, answer.Standing, configuration.Registry.ToString());
        }

        if (isDone)
        {
            LogRepair(look.Report.Message);
        }

        (_applied, _isTold, _withdrawn) = (null, true, "");
        _applied = mirrors.Apply().Report;
        return _applied;
    }

    // The registry would take an image of an unknown host for one of its own: until it is the right one, it is not to be asked for such. What it
    // knows stays where it was told, since it may be a while before node-config gets the same configuration.
    private NodeReport Withdraw(NodeLook look, IReadOnlyList<ImageHost> unknown)
    {
        _applied = null;
        MirrorRule[] known = _isTold && !look.IsBlocked ? [.. configuration.Mirrors.Where(m => !unknown.Contains(m.Host))] : [];
        string withdrawn = string.Join(", ", unknown);
        if (known.Length > 0 || withdrawn != _withdrawn)
        {
            NodeReport put = known.Length > 0 ? new NodeMirrors(configuration with { Mirrors = known }).Apply().Report : mirrors.Restore();
            if (put.State is not (NodeState.Configured or NodeState.Restored))
            {
                return put;
            }

            if (withdrawn != _withdrawn)
            {
                LogWithdrawn(withdrawn);
                _withdrawn = withdrawn;
            }
        }

        return NodeReports.Waiting(look.Report with { Configured = known.Length }, RegistryStanding.Otherwise, configuration.Registry.ToString());
    }

    private void Tell(NodeReport report, LogLevel? level = null)
    {
        if (report != _last)
        {
            LogReport(
                level ?? (report.State == NodeState.Blocked ? LogLevel.Warning : LogLevel.Information),
                report.State, report.Reason, report.Configured, report.Hosts, report.Message);
            _last = report;
        }

        // Also if nothing is new: that it is written is what tells that somebody looks.
        if (status.Write(report) is { } problem)
        {
            LogStatus(problem);
        }
    }

    [LoggerMessage(EventId = 1, Message = "{State} ({Reason}), {Configured} of {Hosts} hosts: {Message}")]
    private partial void LogReport(LogLevel level, NodeState state, string reason, int configured, int hosts, string message);

    [LoggerMessage(2, LogLevel.Warning, "files of the node are not as they were written, and are written again: {Message}")]
    private partial void LogRepair(string message);

    [LoggerMessage(3, LogLevel.Error, "the status file cannot be written: {Problem}")]
    private partial void LogStatus(string problem);

    [LoggerMessage(4, LogLevel.Warning, "the registry does not stand in for {Hosts}: the node is as it was before these mirrors")]
    private partial void LogWithdrawn(string hosts);

    [LoggerMessage(5, LogLevel.Error, "the node could not be looked at ({Type}); it is tried again")]
    private partial void LogFailed(Exception failure, string? type);
}
