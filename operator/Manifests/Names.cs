using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The names of a resource's objects.</summary>
internal static class Names
{
    // A Job's name becomes a label of its pods, which may have 63 characters.
    private const int LongestJobPrefix = 32;

    public static string DaemonSet(Owner owner) => owner.Name;

    public static string ConfigMap(Owner owner, string configHash) => $"{owner.Name}-{configHash}";

    public static string ServiceAccount(Owner owner, LocalRegistrySpec spec) => spec.ServiceAccount.Name ?? owner.Name;

    /// <summary>The ConfigMap with <c>mirrors.yml</c>.</summary>
    public static string Mirrors(Owner owner, string mirrorsHash) => $"{owner.Name}-mirrors-{mirrorsHash}";

    /// <summary>The DaemonSet that configures the nodes' runtimes, and its ServiceAccount.</summary>
    public static string NodeConfig(Owner owner) => $"{owner.Name}-node-config";

    /// <summary>The ConfigMap that remembers which nodes bear the resource's configuration.</summary>
    public static string ConfiguredNodes(ResourceKey resource) => $"{resource.Name}-configured-nodes";

    /// <summary>The short pod that proves that a node pulls through the mirror.</summary>
    public static string MirrorProof(Owner owner, string node) => $"{owner.Name}-proof-{ContentHash.Of(node)}";

    /// <summary>The short pod that restores a node.</summary>
    public static string NodeRestore(Owner owner, string node) => $"{owner.Name}-restore-{ContentHash.Of(node)}";

    public static string Policies(Owner owner) => $"{owner.Name}-aws-policies";

    public static string Revision(Owner owner, string contentHash) => $"{owner.Name}-applied-{contentHash}";

    /// <summary>A preflight's name: the same inputs and attempt find the same Job. The inputs' hash keeps shortened names apart.</summary>
    public static string Preflight(Owner owner, string inputsHash, int attempt)
    {
        string prefix = owner.Name.Length <= LongestJobPrefix ? owner.Name : owner.Name[..LongestJobPrefix].TrimEnd('-', '.');
        return $"{prefix}-preflight-{inputsHash}-{attempt}";
    }
}
