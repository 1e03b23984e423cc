using System.Text.Json;
using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The ControllerRevision that keeps the plan that passed last. Its data can never be changed, so every plan has one of its own.</summary>
internal static class AppliedRevision
{
    public static V1ControllerRevision Build(Owner owner, RolloutPlan plan, long revision) => new()
    {
        Metadata = owner.Metadata(Names.Revision(owner, ContentHash.Of($"{revision} {KubernetesJson.Serialize(plan)}")), Labels.RevisionComponent),
        Revision = revision,
        Data = plan,
    };

    /// <summary>The plan in a revision; null if it cannot be read, as after a downgrade.</summary>
    public static RolloutPlan? Read(V1ControllerRevision revision)
    {
        try
        {
            return revision.Data switch
            {
                RolloutPlan plan => plan,
                JsonElement json => KubernetesJson.Deserialize<RolloutPlan>(json),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
