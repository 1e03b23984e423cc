using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Api;

/// <summary>What the operator applies of a resource. The spec is not among it: to apply a field is to hold it, and the spec is the user's.</summary>
[KubernetesEntity(
    Group = V1Alpha1LocalRegistry.KubeGroup,
    ApiVersion = V1Alpha1LocalRegistry.KubeApiVersion,
    Kind = V1Alpha1LocalRegistry.KubeKind,
    PluralName = V1Alpha1LocalRegistry.KubePluralName)]
internal sealed class LocalRegistryPatch : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string ApiVersion { get; set; } = "";

    /// <inheritdoc/>
    public string Kind { get; set; } = "";

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>The status; null leaves it as it is.</summary>
    public LocalRegistryStatus? Status { get; set; }
}
