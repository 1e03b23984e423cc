using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Api;

/// <summary>An image registry on every node, in front of one bucket.</summary>
[KubernetesEntity(Group = KubeGroup, ApiVersion = KubeApiVersion, Kind = KubeKind, PluralName = KubePluralName)]
public sealed class V1Alpha1LocalRegistry : IKubernetesObject<V1ObjectMeta>, ISpec<LocalRegistrySpec>, IStatus<LocalRegistryStatus?>
{
    /// <summary>The API group.</summary>
    public const string KubeGroup = "localregistry.dev";

    /// <summary>The version within the group.</summary>
    public const string KubeApiVersion = "v1alpha1";

    /// <summary>The kind.</summary>
    public const string KubeKind = "LocalRegistry";

    /// <summary>The kind in URLs.</summary>
    public const string KubePluralName = "localregistries";

    /// <inheritdoc/>
    public string ApiVersion { get; set; } = $"{KubeGroup}/{KubeApiVersion}";

    /// <inheritdoc/>
    public string Kind { get; set; } = KubeKind;

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <inheritdoc/>
    public LocalRegistrySpec Spec { get; set; } = new();

    /// <inheritdoc/>
    public LocalRegistryStatus? Status { get; set; }
}
