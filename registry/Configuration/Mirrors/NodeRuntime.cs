namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>A node's container runtime, as far as mirrors are concerned. Paths are the node's, and the same inside the container.</summary>
/// <param name="Kind">How it is told of mirrors.</param>
/// <param name="ConfigurationFile">The runtime's own configuration, which is only read; null if it does not matter.</param>
/// <param name="Directories">Where mirrors are configured. The first is written to; those after it are only read.</param>
public sealed record NodeRuntime(RuntimeKind Kind, string? ConfigurationFile, IReadOnlyList<string> Directories);
