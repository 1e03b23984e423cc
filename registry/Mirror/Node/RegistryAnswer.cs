using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>What the node's registry answers when it is asked for the mirrored hosts.</summary>
/// <param name="Standing">How it stands to them.</param>
/// <param name="Unknown">The hosts that it does not stand in for; none unless it answers <see cref="RegistryStanding.Otherwise"/>.</param>
internal readonly record struct RegistryAnswer(RegistryStanding Standing, IReadOnlyList<ImageHost> Unknown)
{
    /// <summary>It does not answer.</summary>
    public static readonly RegistryAnswer Silent = new(RegistryStanding.Silent, []);
}
