using LocalRegistry.Operator.Aws.Calls;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator;

/// <summary>What the operator is started with.</summary>
/// <param name="RegistryImage">The image that runs on the nodes.</param>
/// <param name="WatchNamespace">The namespace whose resources are looked after; null for all.</param>
/// <param name="LeaseNamespace">Where the leader's Lease lies.</param>
/// <param name="Identity">This replica, in the Lease and in Events.</param>
/// <param name="HttpAddress">Where health and metrics are answered.</param>
internal sealed record OperatorOptions(
    RegistryImage RegistryImage, string? WatchNamespace, string LeaseNamespace, string Identity, ListenAddress HttpAddress)
{
    /// <summary>How much may be asked of AWS.</summary>
    public AwsLimits Aws { get; init; } = new();
}
