namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Puts hosts' folders back as they were found. Whoever calls holds the <see cref="FolderLock"/> of the folder around them.</summary>
/// <param name="owner">The LocalRegistry, as <c>namespace/name</c>.</param>
/// <param name="root">The folder around them.</param>
internal sealed class HostRestorer(string owner, string root)
{
    /// <summary>Restores every folder of this owner.</summary>
    /// <param name="except">The folders that are still wanted.</param>
    /// <returns>What was put back, and what could not be.</returns>
    public IReadOnlyList<HostState> Restore(IReadOnlySet<string> except)
    {
        if (NodeFolder.Folders(root, out IReadOnlyList<string> names) is { } problem)
        {
            return [HostState.Of("*", problem)];
        }

        var states = new List<HostState>();
        foreach (string name in names.Where(n => !except.Contains(n) && !NodeFolder.IsPassing(n)))
        {
            if (IsTouched(name) && RestoreFolder(name) is var failed)
            {
                states.Add(failed is null ? HostState.Good(name) : HostState.Of(name, failed));
            }
        }

        return states;
    }

    // Ours by its mark, or with something left in it by a process that was killed, or by one whose file somebody has replaced.
    private bool IsTouched(string name)
    {
        string file = Path.Combine(root, name, HostPaths.FileName);
        OwnerMark? mark = NodeFile.Read(file, out byte[]? content, out _) is null && content is not null ? OwnerMark.Read(content, out _) : null;
        return mark is null ? IsThere(Path.Combine(root, name, HostPaths.KeptName)) || IsThere(NodeFile.TemporaryOf(file)) : mark.Owner == owner;
    }

    private static bool IsThere(string path) => NodeFile.Stat(path, out Statx? stat) is null && stat is not null;

    private FileProblem? RestoreFolder(string name)
    {
        if (HostFolder.Look(root, name, out HostFolder folder) is { } problem)
        {
            return problem;
        }

        return NodeFile.Delete(NodeFile.TemporaryOf(folder.File)) ?? folder switch
        {
            { Mark: null, Content: not null } => NodeFile.Delete(folder.Kept),
            { HasKept: true } => NodeFile.PutBack(folder.Kept, folder.File),
            { Mark: { MadeFolder: true }, Others.Count: 0 } => NodeFolder.Remove(root, name, HostPaths.FileName),
            { Mark: not null } => NodeFile.Delete(folder.File),
            _ => null,
        };
    }
}
