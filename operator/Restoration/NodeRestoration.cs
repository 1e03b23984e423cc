using k8s.Models;

namespace LocalRegistry.Operator.Restoration;

/// <summary>How one node stands.</summary>
/// <param name="Node">Its name.</param>
/// <param name="State">How far it is.</param>
/// <param name="Pod">The restoring pod on it; null if there is none.</param>
/// <param name="Why">Why it could not be restored; null unless it <see cref="RestorationState.Failed"/>.</param>
internal sealed record NodeRestoration(string Node, RestorationState State, V1Pod? Pod = null, string? Why = null)
{
    /// <summary>Whether the node bears, or may bear, what it should not.</summary>
    public bool IsPending => State is not (RestorationState.Wanted or RestorationState.Gone or RestorationState.Restored);
}
