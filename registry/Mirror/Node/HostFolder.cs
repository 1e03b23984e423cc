using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>One host's folder as it is: what of it is ours, and what was there before.</summary>
internal sealed record HostFolder
{
    private HostFolder(string root, string name) => (Root, Name) = (root, name);

    /// <summary>The folder around it.</summary>
    public string Root { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    public string Folder => Path.Combine(Root, Name);

    public string File => Path.Combine(Folder, HostPaths.FileName);

    public string Kept => Path.Combine(Folder, HostPaths.KeptName);

    /// <summary>Whether the folder is there.</summary>
    public bool Exists { get; private init; }

    /// <summary>What its <c>hosts.toml</c> says; null if there is none.</summary>
    public byte[]? Content { get; private init; }

    /// <summary>The permissions of <see cref="Content"/>.</summary>
    public int ContentPermissions { get; private init; }

    /// <summary>Whose its <c>hosts.toml</c> is; null if it is nobody's of us.</summary>
    public OwnerMark? Mark { get; private init; }

    /// <summary>Whether a marked <c>hosts.toml</c> is as it was written.</summary>
    public bool IsAsWritten { get; private init; }

    /// <summary>The <c>hosts.toml</c> that was there before ours; null if there was none.</summary>
    public byte[]? Original { get; private init; }

    /// <summary>The permissions of the original, or the usual ones.</summary>
    public int Permissions { get; private init; }

    /// <summary>Whether something is kept beside <c>hosts.toml</c>.</summary>
    public bool HasKept { get; private init; }

    /// <summary>The files in it that are neither <c>hosts.toml</c> nor ours.</summary>
    public IReadOnlyList<string> Others { get; private init; } = [];

    /// <summary>Whether the folder would be there without us.</summary>
    public bool IsForeign => Exists && !(Mark is { MadeFolder: true } && Original is null && Others.Count == 0);

    /// <summary>Looks at a folder.</summary>
    public static FileProblem? Look(string root, string name, out HostFolder folder)
    {
        folder = new HostFolder(root, name);
        if (NodeFile.Stat(folder.Folder, out Statx? stat) is { } problem)
        {
            return problem;
        }

        if (stat is null)
        {
            return null;
        }

        if (stat is { IsFolder: false })
        {
            return stat is { IsLink: true }
                ? FileProblem.Link(folder.Folder)
                : new FileProblem(NodeReasons.NotWritable, $"{folder.Folder} is no folder: take it away");
        }

        if (NodeFile.Read(folder.File, out byte[]? content, out int permissions) is { } unreadable)
        {
            return unreadable;
        }

        if (NodeFile.Read(folder.Kept, out byte[]? kept, out int keptPermissions) is { } unreadableKept)
        {
            return unreadableKept;
        }

        if (NodeFolder.Files(folder.Folder, out IReadOnlyList<string> files) is { } unlistable)
        {
            return unlistable;
        }

        bool isAsWritten = false;
        OwnerMark? mark = content is null ? null : OwnerMark.Read(content, out isAsWritten);
        // Somebody's own file counts, also where it has replaced ours; what is kept counts where ours is, or where ours was taken away.
        bool isFromKept = content is null || mark is not null;
        byte[]? original = isFromKept ? kept : content;
        folder = folder with
        {
            Exists = true,
            Content = content,
            ContentPermissions = permissions,
            Mark = mark,
            IsAsWritten = isAsWritten,
            Original = original,
            Permissions = original is null ? NodeFile.DefaultPermissions : isFromKept ? keptPermissions : permissions,
            HasKept = kept is not null,
            Others = [.. files.Where(f => !f.StartsWith(HostPaths.FileName, StringComparison.Ordinal))],
        };
        return null;
    }
}
