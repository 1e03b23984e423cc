using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Manifests;

/// <summary>Sees from the cluster's nodes what kind they are, and with that where their container runtime is told of mirrors.</summary>
internal static class PlatformDetection
{
    // A distribution says what it is in its kubelet's version, as v1.33.4+k3s1 or v1.33.4-eks-3abbec1.
    private static readonly (string Mark, NodePlatform Platform)[] KubeletVersions =
    [
        ("+k3s", NodePlatform.K3s), ("+rke2", NodePlatform.RKE2), ("+k0s", NodePlatform.K0s), ("-eks-", NodePlatform.EKS),
    ];

    /// <summary>
    /// The kind of nodes that a resource chooses. What the nodes are given stays as long as any of them is of that kind, or none is there: in a
    /// mixed cluster the majority changes with every node that comes or goes. Else it is the kind of most of them; of kinds that are equally many
    /// the first in the order of <see cref="NodePlatform"/>, so that the answer does not depend on the order of the nodes.
    /// </summary>
    /// <param name="nodes">The cluster's nodes.</param>
    /// <param name="selector">The labels that a node must have; null or empty for all nodes.</param>
    /// <param name="last">The kind that the nodes were last taken for; null if they never were.</param>
    /// <returns>The kind; <see cref="NodePlatform.Containerd"/> if nothing tells.</returns>
    public static NodePlatform Of(IEnumerable<V1Node> nodes, IReadOnlyDictionary<string, string>? selector, NodePlatform? last)
    {
        // A node that has just been made has not said anything yet.
        Dictionary<NodePlatform, int> kinds = nodes
            .Where(n => n.Status?.NodeInfo is not null && selector?.All(s => n.GetLabel(s.Key) == s.Value) != false)
            .CountBy(Of)
            .ToDictionary();
        return last is { } kept && (kinds.Count == 0 || kinds.ContainsKey(kept))
            ? kept
            : kinds.OrderByDescending(p => p.Value).ThenBy(p => p.Key).Select(p => p.Key).FirstOrDefault(NodePlatform.Containerd);
    }

    /// <summary>The runtime of the nodes: that of their kind, as far as the resource does not say otherwise.</summary>
    /// <param name="spec">What the resource says.</param>
    /// <param name="seen">The kind as it is seen from the nodes.</param>
    public static NodeRuntime Runtime(NodeRuntimeSpec spec, NodePlatform seen)
    {
        NodeRuntime runtime = NodePlatforms.RuntimeOf(spec.Platform ?? seen);
        return runtime with
        {
            // CRI-O is told of mirrors in files of their own, whatever its own configuration says.
            ConfigurationFile = runtime.Kind == RuntimeKind.RegistriesConf ? null : spec.ConfigurationFile ?? runtime.ConfigurationFile,
            Directories = spec.Directory is { } directory ? [directory, .. Further(runtime, directory)] : runtime.Directories,
        };
    }

    // What is read beside the folder that is written to: with CRI-O registries.conf in the folder around it, with containerd the platform's other folders.
    private static IReadOnlyList<string> Further(NodeRuntime runtime, string directory)
    {
        if (runtime.Kind != RuntimeKind.RegistriesConf)
        {
            return [.. runtime.Directories.Skip(1).Where(d => d != directory)];
        }

        // Never the whole node.
        string? around = Path.GetDirectoryName(directory);
        return around is { Length: > 1 } ? [around] : [];
    }

    private static NodePlatform Of(V1Node node)
    {
        V1NodeSystemInfo? info = node.Status?.NodeInfo;
        // The runtime first: CRI-O runs under any distribution.
        if (info?.ContainerRuntimeVersion?.StartsWith("cri-o://", StringComparison.Ordinal) == true)
        {
            return NodePlatform.CRIO;
        }

        if (info?.OsImage?.Contains("Talos", StringComparison.Ordinal) == true)
        {
            return NodePlatform.Talos;
        }

        string kubelet = info?.KubeletVersion ?? "";
        return KubeletVersions.FirstOrDefault(v => kubelet.Contains(v.Mark, StringComparison.Ordinal)).Platform;
    }
}
