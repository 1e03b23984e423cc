using k8s.Models;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Manifests;

/// <summary>
/// The ConfigMap with the policies that the bucket, the registry and the operator need. Nothing mounts it: it is there to be read, most of all
/// while a check does not pass.
/// </summary>
internal static class PoliciesConfigMap
{
    /// <param name="owner">The resource.</param>
    /// <param name="plan">What it asks for, whether or not it is rolled out.</param>
    /// <param name="driver">The bucket that it names.</param>
    /// <param name="principal">The ARN of the role or user that the registry has or is to have; null if it is not known.</param>
    /// <param name="keyArn">The ARN of the KMS key that objects are encrypted with; null if it is not known.</param>
    public static V1ConfigMap Build(Owner owner, RolloutPlan plan, S3Driver driver, string? principal, string? keyArn)
    {
        var scope = new GrantScope
        {
            Driver = driver,
            Access = plan.Spec.Access,
            Namespace = owner.Namespace,
            ServiceAccount = Names.ServiceAccount(owner, plan.Spec),
            Principal = principal,
            KeyArn = keyArn,
        };
        return new V1ConfigMap { Metadata = owner.Metadata(Names.Policies(owner), Labels.PoliciesComponent), Data = GrantDocuments.Files(scope) };
    }
}
