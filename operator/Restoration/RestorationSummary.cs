namespace LocalRegistry.Operator.Restoration;

/// <summary>Says in a sentence how nodes stand: their count and the worst few by name, so that a thousand fit.</summary>
internal static class RestorationSummary
{
    private const int MostNodes = 3;

    // As much of a node's own words as leaves room for the others.
    private const int LongestReason = 200;

    private static readonly RestorationState[] WorstFirst =
        [RestorationState.Failed, RestorationState.NotReady, RestorationState.Occupied, RestorationState.Running, RestorationState.Due];

    /// <summary>As <c>5 nodes (a: not ready; b: not ready; c: being restored; 2 more)</c>.</summary>
    public static string Of(IReadOnlyCollection<NodeRestoration> nodes)
    {
        NodeRestoration[] worst = [.. nodes.OrderBy(n => Array.IndexOf(WorstFirst, n.State)).ThenBy(n => n.Node, StringComparer.Ordinal).Take(MostNodes)];
        return $"{Count(nodes.Count)} ({string.Join("; ", worst.Select(Describe))}{(nodes.Count > MostNodes ? $"; {nodes.Count - MostNodes} more" : "")})";
    }

    /// <summary>As <c>1 node</c> or <c>2 nodes</c>.</summary>
    public static string Count(int nodes) => nodes == 1 ? "1 node" : $"{nodes} nodes";

    private static string Describe(NodeRestoration node) => $"{node.Node}: {node.State switch
    {
        RestorationState.Failed => node.Why!.Length > LongestReason ? $"{node.Why[..LongestReason]}..." : node.Why,
        RestorationState.NotReady => "the node is not ready",
        RestorationState.Occupied => "its node-configuration pod has not ended yet",
        RestorationState.Running => "is being restored",
        _ => "waits for its turn",
    }}";
}
