using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>Sums the nodes up as <see cref="ConditionTypes.MirrorConfigured"/>.</summary>
internal static class MirrorSummary
{
    // As many as a reader takes in; a thousand nodes must fit.
    private const int WorstNodes = 3;

    /// <summary>When the resource asks for no mirrors.</summary>
    public static ConditionAnswer OfNone() => ConditionAnswer.True(Reasons.NoMirrors, "spec.mirrors names no host.");

    /// <summary>When nothing has been rolled out.</summary>
    public static ConditionAnswer OfNothing() => ConditionAnswer.Unknown(Reasons.NotChecked, "Not asked while nothing is rolled out.");

    /// <summary>When the DaemonSet that configures the nodes does not exist yet.</summary>
    public static ConditionAnswer OfNoDaemonSet(string name) => ConditionAnswer.Unknown(Reasons.ProvingMirrors, $"DaemonSet \"{name}\", which configures the nodes, is not there yet.");

    public static ConditionAnswer Of(MirrorFacts facts)
    {
        ILookup<MirrorStanding, MirroredNode> nodes = Standings(facts);
        int proven = nodes[MirrorStanding.Proven].Count();
        MirroredNode[] failing = [.. Worst(nodes[MirrorStanding.Failing], facts)];
        string count = $"{proven} of {facts.Desired} nodes pull {Hosts(facts.Hosts)} through their registry";
        string refused = facts.Refused is null ? "" : $" The API server refuses what is needed to prove nodes: {ShortText.Of(facts.Refused)}";
        if (failing is [var worst, ..])
        {
            return ConditionAnswer.False(worst.Why(facts.Schedule, facts.Now).Reason, $"{count}, {failing.Length} {(failing.Length == 1 ? "does" : "do")} not. {Name(failing, facts)}{refused}");
        }

        if (facts.Desired == 0)
        {
            return ConditionAnswer.Unknown(Reasons.ProvingMirrors, "No node matches spec.node.nodeSelector and the tolerations.");
        }

        string open = $"{Name([.. Worst(nodes[MirrorStanding.Unknown], facts)], facts)}{Missing(facts)}{Trouble(facts)}{refused}";
        string message = open.Length == 0 ? $"{count}." : $"{count}. {open.Trim()}";
        if (AreEnough(proven, nodes, facts, facts.WasProven))
        {
            return ConditionAnswer.True(Reasons.MirrorsProven, message);
        }

        return ConditionAnswer.Unknown(
            facts.Refused is not null ? Reasons.ProofRefused
                : facts.Trouble.Count > 0 || facts.Missing > 0 ? Reasons.NodeConfigNotStarting
                : Reasons.ProvingMirrors,
            message);
    }

    /// <summary>How many nodes are proven.</summary>
    public static int Proven(MirrorFacts facts) => Standings(facts)[MirrorStanding.Proven].Count();

    /// <summary>
    /// Whether some nodes fail, but no more than a rollout takes at a time, and at least one does not: what one node has is no reason to take the
    /// others for broken.
    /// </summary>
    public static bool IsTolerable(MirrorFacts facts)
    {
        ILookup<MirrorStanding, MirroredNode> nodes = Standings(facts);
        (int proven, int failing) = (nodes[MirrorStanding.Proven].Count(), nodes[MirrorStanding.Failing].Count());
        return proven > 0 && failing > 0 && failing <= RolloutPace.Of(facts.Desired)
            && AreEnough(proven + failing, nodes, facts, facts.WasProven || facts.WasReady);
    }

    private static ILookup<MirrorStanding, MirroredNode> Standings(MirrorFacts facts) => facts.Nodes.ToLookup(n => n.Standing(facts.Schedule, facts.Now));

    // At least one, however few nodes there are. Once there were enough, those count too whose pods have just been replaced, or are about to come.
    private static bool AreEnough(int counted, ILookup<MirrorStanding, MirroredNode> nodes, MirrorFacts facts, bool wereEnough)
    {
        int enough = Math.Max(1, facts.Desired - RolloutPace.Of(facts.Desired));
        int coming = nodes[MirrorStanding.New].Count(n => n.IsCurrent) + Math.Max(0, facts.Desired - facts.Nodes.Count - facts.Missing);
        return counted >= enough || (wereEnough && facts.Refused is null && counted + coming >= enough);
    }

    // Those with the reason that most of them have come first. By how often or how long a node fails, they would change places all the time.
    private static IEnumerable<MirroredNode> Worst(IEnumerable<MirroredNode> nodes, MirrorFacts facts) => nodes
        .GroupBy(n => n.Why(facts.Schedule, facts.Now).Reason)
        .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
        .SelectMany(g => g.OrderBy(n => n.Name, StringComparer.Ordinal));

    private static string Name(MirroredNode[] nodes, MirrorFacts facts)
    {
        if (nodes.Length == 0)
        {
            return "";
        }

        string named = string.Join("; ", nodes.Take(WorstNodes).Select(n => (n.Name, Why: n.Why(facts.Schedule, facts.Now))).Select(n => $"{n.Name}: {n.Why.Reason}: {n.Why.Message.TrimEnd('.')}"));
        return nodes.Length > WorstNodes ? $"{named}; and {nodes.Length - WorstNodes} more." : $"{named}.";
    }

    private static string Missing(MirrorFacts facts) => facts.Missing == 0 ? ""
        : $" {facts.Missing} {(facts.Missing == 1 ? "node has" : "nodes have")} had no node-configuration pod for {ProofSchedule.Patience.TotalMinutes} minutes.";

    private static string Trouble(MirrorFacts facts) => facts.Trouble.Count == 0 ? ""
        : $" {string.Join("; ", facts.Trouble.Select(t => ShortText.Of(t)).Order(StringComparer.Ordinal).Take(WorstNodes)).TrimEnd('.')}.";

    private static string Hosts(int hosts) => hosts == 1 ? "1 host" : $"{hosts} hosts";
}
