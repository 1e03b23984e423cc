using k8s.Models;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The ConfigMap with the registry's configuration: immutable and named by its content, so that a half-done rollout reads two of them.</summary>
internal static class RegistryConfigMap
{
    public const string Key = "config.yml";

    public static V1ConfigMap Build(Owner owner, RolloutPlan plan) => new()
    {
        Metadata = owner.Metadata(Names.ConfigMap(owner, plan.ConfigHash), Labels.RegistryComponent),
        Immutable = true,
        Data = new Dictionary<string, string> { [Key] = plan.Config },
    };
}
