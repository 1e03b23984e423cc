using k8s.Models;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The ConfigMap with <c>mirrors.yml</c>, which the registry and the node-configuration pod read: immutable and named by its content.</summary>
internal static class MirrorsConfigMap
{
    /// <summary>The ConfigMap of a plan; null if the plan asks for no mirrors and for no choice of repositories.</summary>
    public static V1ConfigMap? Build(Owner owner, RolloutPlan plan) => NameOf(owner, plan) is not { } name ? null : new V1ConfigMap
    {
        Metadata = owner.Metadata(name, Labels.MirrorsComponent),
        Immutable = true,
        Data = new Dictionary<string, string> { [NodeConfigPod.MirrorsKey] = plan.Mirrors! },
    };

    /// <summary>Its name; null if there is none.</summary>
    public static string? NameOf(Owner owner, RolloutPlan plan) => plan.MirrorsHash is { } hash ? Names.Mirrors(owner, hash) : null;
}
