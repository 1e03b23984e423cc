using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Manifests;

/// <summary>A folder on a node where a resource's mirrors are, or were, configured.</summary>
/// <param name="Kind">How the runtime there is told of mirrors.</param>
/// <param name="Directory">The folder's absolute path on the node.</param>
internal readonly record struct RestorePlace(RuntimeKind Kind, string Directory)
{
    /// <summary>Whether it can be a folder of a node: an absolute path without "..".</summary>
    public bool IsValid => Directory is ['/', _, ..] && !Directory.Split('/').Contains("..");

    /// <summary>The folder of a runtime that is written to.</summary>
    public static RestorePlace Of(NodeRuntime runtime) => new(runtime.Kind, runtime.Directories[0]);
}
