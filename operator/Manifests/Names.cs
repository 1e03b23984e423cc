using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The names of a resource's objects.</summary>
internal static class Names
{
    // A Job's name becomes a label of its pods, which may have 63 characters.
    private const int LongestJobPrefix = 32;

    public static string DaemonSet(Owner owner) => owner.Name;

    public static string ConfigMap(Owner owner, string configHash) => $"{owner.Name}-{configHash}";

    public static string ServiceAccount(Owner owner, LocalRegistrySpec spec) => spec.ServiceAccount.Name ?? owner.Name;

    public static string Policies(Owner owner) => $"{owner.Name}-aws-policies";

    public static string Revision(Owner owner, string contentHash) => $"{owner.Name}-applied-{contentHash}";

    /// <summary>A preflight's name: the same inputs and attempt find the same Job. The inputs' hash keeps shortened names apart.</summary>
    public static string Preflight(Owner owner, string inputsHash, int attempt)
    {
        string prefix = owner.Name.Length <= LongestJobPrefix ? owner.Name : owner.Name[..LongestJobPrefix].TrimEnd('-', '.');
        return $"{prefix}-preflight-{inputsHash}-{attempt}";
    }
}
