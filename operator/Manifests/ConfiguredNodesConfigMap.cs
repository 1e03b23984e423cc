using System.Collections.Immutable;
using System.Text.Json;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Manifests;

/// <summary>
/// The ConfigMap that keeps <see cref="ConfiguredNodes"/>. It has no owner, so that it outlives the resource. A line for each node: a thousand
/// names are some 50 kB of the 1 MiB that a ConfigMap may have, and no more than 250 kB.
/// </summary>
internal static class ConfiguredNodesConfigMap
{
    /// <summary>The key of the nodes' names.</summary>
    public const string NodesKey = "nodes";

    /// <summary>The key of what else it takes to restore them.</summary>
    public const string RestoreKey = "restore.json";

    /// <summary>Whether a ConfigMap is one of these.</summary>
    public static bool Is(V1ConfigMap configMap) =>
        configMap.GetLabel(Labels.Component) == Labels.ConfiguredNodesComponent && configMap.GetLabel(Labels.Instance) is { Length: > 0 };

    /// <summary>The resource that a ConfigMap is about.</summary>
    public static ResourceKey ResourceOf(V1ConfigMap configMap) => new(configMap.Namespace(), configMap.GetLabel(Labels.Instance));

    public static V1ConfigMap Build(ConfiguredNodes nodes) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = Names.ConfiguredNodes(nodes.Resource),
            NamespaceProperty = nodes.Resource.Namespace,
            Labels = Labels.For(nodes.Resource.Name, Labels.ConfiguredNodesComponent),
        },
        Data = new Dictionary<string, string> { [RestoreKey] = WriteRestore(nodes), [NodesKey] = WriteNames(nodes.Names) },
    };

    /// <summary>What stands in a ConfigMap; null if somebody made it unreadable.</summary>
    public static ConfiguredNodes? Read(V1ConfigMap configMap)
    {
        Restore? restore = ReadRestore(configMap);
        return restore is { Image.Reference.Length: > 0, Places.Count: > 0 } && restore.Places.All(p => p.IsValid)
            ? new ConfiguredNodes { Resource = ResourceOf(configMap), Image = restore.Image, Places = restore.Places, Names = ReadNames(configMap) }
            : null;
    }

    /// <summary>The names alone, which are readable whatever became of the rest.</summary>
    public static ImmutableSortedSet<string> ReadNames(V1ConfigMap configMap) => ConfiguredNodes.NoNames.Union(
        configMap.Data?.TryGetValue(NodesKey, out string? names) == true
            ? names.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : []);

    /// <summary>The text of <see cref="NodesKey"/>.</summary>
    public static string WriteNames(IEnumerable<string> names) => string.Concat(names.Select(n => $"{n}\n"));

    /// <summary>The text of <see cref="RestoreKey"/>.</summary>
    public static string WriteRestore(ConfiguredNodes nodes) => KubernetesJson.Serialize(new Restore(nodes.Image, nodes.Places));

    private static Restore? ReadRestore(V1ConfigMap configMap)
    {
        try
        {
            return configMap.Data?.TryGetValue(RestoreKey, out string? json) == true ? KubernetesJson.Deserialize<Restore>(json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Restore(RegistryImage? Image, IReadOnlyList<RestorePlace>? Places);
}
