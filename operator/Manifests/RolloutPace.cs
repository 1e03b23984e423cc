using System.Globalization;

namespace LocalRegistry.Operator.Manifests;

/// <summary>How many nodes may be without a registry at once.</summary>
internal static class RolloutPace
{
    /// <summary>As the DaemonSet takes it.</summary>
    public const string MaxUnavailable = "10%";

    /// <summary>The same as a number of nodes, rounded up as Kubernetes rounds it.</summary>
    public static int Of(int nodes) => (int)Math.Ceiling(nodes * int.Parse(MaxUnavailable.TrimEnd('%'), CultureInfo.InvariantCulture) / 100.0);
}
