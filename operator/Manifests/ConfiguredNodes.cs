using System.Collections.Immutable;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The nodes that bear a resource's configuration, or may bear it, and what it takes to restore them when the resource is gone.</summary>
internal sealed record ConfiguredNodes
{
    /// <summary>The names of no nodes, in the order in which names are kept.</summary>
    public static ImmutableSortedSet<string> NoNames { get; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The resource. One that is made anew under the same name is the same one to the nodes: their mark of ownership has no uid.</summary>
    public required ResourceKey Resource { get; init; }

    /// <summary>The image that the nodes have.</summary>
    public required RegistryImage Image { get; init; }

    /// <summary>Where the nodes may be configured, the present place first: a node that was down during a change may still have an earlier one.</summary>
    public required IReadOnlyList<RestorePlace> Places { get; init; }

    /// <summary>The nodes' names.</summary>
    public ImmutableSortedSet<string> Names { get; init; } = NoNames;
}
