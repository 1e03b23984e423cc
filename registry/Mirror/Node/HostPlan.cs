using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>What is to stand in one host's folder.</summary>
/// <param name="Rule">The host.</param>
/// <param name="Folder">The folder as it is.</param>
/// <param name="Content">What its <c>hosts.toml</c> is to say.</param>
internal sealed record HostPlan(MirrorRule Rule, HostFolder Folder, byte[] Content)
{
    /// <summary>Whether it is so.</summary>
    public bool IsDone => Folder.Content is { } content && content.AsSpan().SequenceEqual(Content);

    /// <summary>Compares the folder with the plan.</summary>
    public HostState State => IsDone
        ? HostState.Good(Rule.Host.Value)
        : new HostState(Rule.Host.Value, NodeReasons.NotWritten, $"{Folder.File} {Difference}; it is about to be written");

    private string Difference => Folder switch
    {
        { Content: null } => "is not there",
        { Mark: null } => "does not name the node's registry",
        { IsAsWritten: false } => "was changed by somebody else",
        _ => "is not up to date",
    };
}
