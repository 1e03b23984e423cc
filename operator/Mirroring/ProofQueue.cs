namespace LocalRegistry.Operator.Mirroring;

/// <summary>Which nodes are proven now, and when the next is due.</summary>
internal static class ProofQueue
{
    private const int Fewest = 2;
    private const int Most = 20;
    private const double Share = 0.05;

    /// <summary>How many nodes are proven at a time: each proof is a pod of its own.</summary>
    /// <param name="nodes">How many nodes there are.</param>
    public static int Limit(int nodes) => Math.Clamp((int)Math.Ceiling(nodes * Share), Fewest, Most);

    /// <summary>The nodes to begin with now, those first that have waited longest.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="limit">How many may be proven at a time.</param>
    /// <param name="schedule">When nodes are proven.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<MirroredNode> Next(IReadOnlyList<MirroredNode> nodes, int limit, ProofSchedule schedule, DateTimeOffset now) => nodes
        .Where(n => n.Due(schedule) <= now)
        .OrderBy(n => n.Due(schedule)).ThenBy(n => n.Name, StringComparer.Ordinal)
        .Take(Math.Max(0, limit - nodes.Count(n => n.Proving is not null)));

    /// <summary>When to look again; null if nothing waits. A node that is due and has to wait for another's proof is woken by the end of that.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="schedule">When nodes are proven.</param>
    /// <param name="now">The time.</param>
    public static DateTimeOffset? Due(IReadOnlyList<MirroredNode> nodes, ProofSchedule schedule, DateTimeOffset now) => nodes
        .Select(n => n.Proving is { } pod ? ProofReading.GivenUpAt(pod) : n.Due(schedule))
        .Where(due => due > now)
        .Min();
}
