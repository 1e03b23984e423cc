using System.Globalization;
using k8s.Models;

namespace LocalRegistry.Operator.Manifests;

/// <summary>How many nodes may be without a registry at once.</summary>
internal static class RolloutPace
{
    /// <summary>As the DaemonSet takes it.</summary>
    public const string MaxUnavailable = "10%";

    /// <summary>The same as a number of nodes, rounded up as Kubernetes rounds it.</summary>
    public static int Of(int nodes) => (int)Math.Ceiling(nodes * int.Parse(MaxUnavailable.TrimEnd('%'), CultureInfo.InvariantCulture) / 100.0);

    /// <summary>How many of so many nodes make a rollout as good as done: all but those it takes at a time, and at least one where there are nodes.</summary>
    public static int Enough(int nodes) => nodes == 0 ? 0 : Math.Max(1, nodes - Of(nodes));

    /// <summary>Whether a DaemonSet, as it now is, has reached that many.</summary>
    public static bool HasReachedEnough(V1DaemonSet daemonSet) =>
        daemonSet.Status is { } status
        && status.ObservedGeneration >= daemonSet.Generation()
        && (status.UpdatedNumberScheduled ?? 0) >= Enough(status.DesiredNumberScheduled);
}
