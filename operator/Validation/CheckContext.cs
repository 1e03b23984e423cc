using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation;

/// <summary>What facts are held against.</summary>
/// <param name="Owner">The resource.</param>
/// <param name="Spec">What its user asked for.</param>
/// <param name="Driver">The bucket and how the registry writes to it.</param>
internal sealed record CheckContext(Owner Owner, LocalRegistrySpec Spec, S3Driver Driver)
{
    /// <summary>Whether the store is AWS's own. Other stores lack some of its settings.</summary>
    public bool IsAws => Driver.IsAws;

    /// <summary>The ConfigMap with the policies that a user can apply.</summary>
    public string PoliciesConfigMap => Names.Policies(Owner);
}
