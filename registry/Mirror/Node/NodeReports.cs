using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Sums up how a node's hosts stand.</summary>
internal static class NodeReports
{
    private const int MostNamed = 3;

    /// <summary>The runtime's own configuration keeps mirrors from working.</summary>
    public static NodeReport Blocked(FileProblem problem, int hosts) =>
        new() { State = NodeState.Blocked, Reason = problem.Reason, Message = problem.Message, Hosts = hosts };

    /// <summary>Sums up the hosts.</summary>
    /// <param name="states">How each stands.</param>
    /// <param name="hosts">How many the runtime is to be told of.</param>
    /// <param name="doubt">What may keep mirrors from working all the same; null if nothing.</param>
    public static NodeReport Of(IReadOnlyList<HostState> states, int hosts, string? doubt)
    {
        // What somebody has to see to comes before what comes by itself.
        HostState[] bad = [.. states.Where(s => s.Reason is not null).OrderBy(s => s.Reason == NodeReasons.NotWritten)];
        var report = new NodeReport
        {
            State = NodeState.Configured,
            Reason = NodeReasons.Configured,
            Message = $"{Count(hosts)} told to the node's runtime",
            Hosts = hosts,
            Configured = states.Count(s => s.Reason is null),
        };
        if (bad.Length > 0)
        {
            report = report with
            {
                State = bad[0].Reason == NodeReasons.NotWritten ? NodeState.Waiting : NodeState.Blocked,
                Reason = bad[0].Reason!,
                Message = Worst(bad),
            };
        }

        return doubt is null ? report : report with { Message = $"{report.Message}; {doubt}" };
    }

    /// <summary>The node was not looked at yet.</summary>
    public static NodeReport Starting() =>
        new() { State = NodeState.Waiting, Reason = NodeReasons.NotWritten, Message = "node-config has just started and has not looked at the node yet" };

    /// <summary>The folder that is written to is not the node's any more.</summary>
    public static NodeReport Leaving(string gone, int hosts) =>
        new() { State = NodeState.Waiting, Reason = NodeReasons.NotWritten, Message = $"{gone}: node-config ends, to be started with the folder that is there now", Hosts = hosts };

    /// <summary>A look at the node failed unexpectedly.</summary>
    public static NodeReport Failed(Exception failure, int hosts) =>
        new() { State = NodeState.Blocked, Reason = NodeReasons.Failed, Message = $"{failure.GetType().Name}: {failure.Message}", Hosts = hosts };

    /// <summary>The same, while the registry does not answer for the hosts.</summary>
    public static NodeReport Waiting(NodeReport report, RegistryStanding standing, string registry) => report with
    {
        State = NodeState.Waiting,
        Reason = NodeReasons.WaitingForRegistry,
        Message = standing == RegistryStanding.Otherwise
            ? $"what answers on http://{registry}/ does not stand in for all mirrored hosts: see the registry's own pod on this node, which may run by another configuration"
            : $"nothing on http://{registry}/ answers for the mirrored hosts yet: see the registry's own pod on this node",
    };

    /// <summary>Sums up what was put back.</summary>
    /// <param name="states">What was put back, and what could not be.</param>
    /// <param name="owner">Whose it was.</param>
    /// <param name="directory">Where it was looked for.</param>
    public static NodeReport Restored(IReadOnlyList<HostState> states, string owner, string directory)
    {
        HostState[] bad = [.. states.Where(s => s.Reason is not null)];
        return bad.Length == 0
            ? new NodeReport
            {
                State = NodeState.Restored,
                Reason = NodeReasons.Restored,
                Message = states.Count == 0 ? $"nothing of {owner} is in {directory}" : $"{Count(states.Count)} put back as found for {owner} in {directory}",
            }
            : new NodeReport { State = NodeState.Blocked, Reason = bad[0].Reason!, Message = Worst(bad), Hosts = bad.Length };
    }

    private static string Worst(HostState[] bad)
    {
        string named = string.Join("; ", bad.Take(MostNamed).Select(s => $"{s.Host}: {s.Message}"));
        return bad.Length > MostNamed ? $"{named}; and {bad.Length - MostNamed} more" : named;
    }

    private static string Count(int hosts) => hosts == 1 ? "1 host is" : $"{hosts} hosts are";
}
