using k8s.Models;

namespace LocalRegistry.Operator.Controllers;

/// <summary>What applying a plan gave.</summary>
/// <param name="DaemonSet">The DaemonSet as it is now; null if there is none, or its name is taken.</param>
/// <param name="Taken">Objects of someone else's that are in the way, as <c>DaemonSet "registry"</c>.</param>
internal sealed record RolloutResult(V1DaemonSet? DaemonSet, IReadOnlyList<string> Taken);
