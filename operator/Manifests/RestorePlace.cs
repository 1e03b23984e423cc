using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Manifests;

/// <summary>A folder on a node where a resource's mirrors are, or were, configured.</summary>
/// <param name="Kind">How the runtime there is told of mirrors.</param>
/// <param name="Directory">The folder's absolute path on the node.</param>
internal readonly record struct RestorePlace(RuntimeKind Kind, string Directory)
{
    /// <summary>Whether it can be a folder of a node that is written to: an absolute path without ".", ".." and empty parts, to a folder for mirrors.</summary>
    public bool IsValid => Directory is ['/', _, ..] && Directory[1..].Split('/').All(part => part is not ("" or "." or "..")) && IsForMirrors(Kind, Directory);

    /// <summary>
    /// Whether a folder's name says that it is there for mirrors. Root writes to it: no other name may be taken, so that who may write a
    /// LocalRegistry, or the ConfigMap that remembers its nodes, cannot have files written just anywhere.
    /// </summary>
    public static bool IsForMirrors(RuntimeKind kind, string directory)
    {
        string[] names = kind == RuntimeKind.RegistriesConf ? ["/registries.conf.d"] : ["/certs.d", "/conf.d/hosts"];
        return names.Any(n => directory.EndsWith(n, StringComparison.Ordinal));
    }

    /// <summary>The folder of a runtime that is written to.</summary>
    public static RestorePlace Of(NodeRuntime runtime) => new(runtime.Kind, runtime.Directories[0]);
}
