using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>What is to stand in one host's folder.</summary>
/// <param name="Rule">The host.</param>
/// <param name="Folder">The folder as it is.</param>
/// <param name="Content">What its <c>hosts.toml</c> is to say.</param>
/// <param name="Permissions">Its permissions: those of what is merged into it, which may hold a header that is a secret.</param>
internal sealed record HostPlan(MirrorRule Rule, HostFolder Folder, byte[] Content, int Permissions)
{
    /// <summary>Whether it is so. Somebody may have taken permissions away from our file, but not given it more.</summary>
    public bool IsDone => IsSaid && !IsTooOpen;

    /// <summary>Compares the folder with the plan.</summary>
    public HostState State => IsDone
        ? HostState.Good(Rule.Host.Value)
        : new HostState(Rule.Host.Value, NodeReasons.NotWritten, $"{Folder.File} {Difference}; it is about to be written");

    private bool IsSaid => Folder.Content is { } content && content.AsSpan().SequenceEqual(Content);

    private bool IsTooOpen => (Folder.ContentPermissions & ~Permissions) != 0;

    private string Difference => Folder switch
    {
        { Content: null } => "is not there",
        { Mark: null } => "does not name the node's registry",
        { IsAsWritten: false } => "was changed by somebody else",
        _ when IsSaid => "may be read or written by more than what is merged into it",
        _ => "is not up to date",
    };
}
