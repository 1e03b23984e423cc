using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>The writer for each kind of runtime.</summary>
internal static class MirrorWriters
{
    /// <param name="kind">The kind.</param>
    /// <param name="owner">The LocalRegistry, as <c>namespace/name</c>.</param>
    /// <param name="mirrors">The hosts.</param>
    /// <param name="registry">Where the node's registry answers.</param>
    /// <param name="directories">Where mirrors are configured: the first is written to, the others are read.</param>
    public static IMirrorWriter For(
        RuntimeKind kind, string owner, IReadOnlyList<MirrorRule> mirrors, Uri registry, IReadOnlyList<string> directories) => kind switch
        {
            RuntimeKind.Containerd => new HostsTomlWriter(owner, mirrors, registry, directories),
            RuntimeKind.RegistriesConf => new RegistriesConfWriter(owner, mirrors, registry, directories[0]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
