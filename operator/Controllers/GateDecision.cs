using LocalRegistry.Operator.Manifests;

namespace LocalRegistry.Operator.Controllers;

/// <summary>What the nodes are to be given.</summary>
/// <param name="Target">The plan to apply; null if nothing has ever passed.</param>
/// <param name="IsCurrent">Whether that is what the resource's current generation asks for.</param>
/// <param name="Opened">Whether the current generation has passed, so that its plan becomes the one to fall back on.</param>
internal sealed record GateDecision(RolloutPlan? Target, bool IsCurrent, bool Opened);
