using k8s.Models;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The registry's ServiceAccount. Its annotations carry the AWS role.</summary>
internal static class RegistryServiceAccount
{
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
