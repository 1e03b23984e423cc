using k8s.Models;
using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The registry's ServiceAccount. Its annotations carry the AWS role.</summary>
internal static class RegistryServiceAccount
{
    /// <summary>The annotation by which EKS gives a ServiceAccount's pods a role.</summary>
    public const string RoleAnnotation = "eks.amazonaws.com/role-arn";

    /// <summary>The role that a resource asks for by it; null if it asks for none.</summary>
    public static string? RoleOf(LocalRegistrySpec spec) =>
        spec.ServiceAccount.Annotations?.GetValueOrDefault(RoleAnnotation) is { Length: > 0 } role ? role : null;

    public static V1ServiceAccount Build(Owner owner, RolloutPlan plan)
    {
        V1ObjectMeta metadata = owner.Metadata(Names.ServiceAccount(owner, plan.Spec), Labels.RegistryComponent);
        if (plan.Spec.ServiceAccount.Annotations is { Count: > 0 } annotations)
        {
            metadata.Annotations = new Dictionary<string, string>(annotations);
        }

        return new V1ServiceAccount { Metadata = metadata, AutomountServiceAccountToken = false };
    }
}
