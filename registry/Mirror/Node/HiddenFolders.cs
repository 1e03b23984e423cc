using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Finds what a wildcard in the first of containerd's folders would hide: hosts' own folders that only a later one has.</summary>
/// <remarks>
/// As hostDirFromRoots in internal/cri/server/images/image_pull.go of containerd 2.4 looks: the first root that answers ends the search, and its
/// <c>_default</c> is an answer.
/// </remarks>
/// <param name="owner">The LocalRegistry, as <c>namespace/name</c>.</param>
/// <param name="mirrors">The hosts. Those with an entry of their own have a folder in the first root, into which a later one is merged.</param>
/// <param name="roots">containerd's folders, of which the first is written to.</param>
internal sealed class HiddenFolders(string owner, IReadOnlyList<MirrorRule> mirrors, IReadOnlyList<string> roots)
{
    private const int MostNamed = 3;

    private readonly HashSet<string> _mirrored = mirrors.SelectMany(m => HostPaths.NamesOf(m.Host)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Finds them.</summary>
    /// <param name="wildcard">The wildcard's folder as it is.</param>
    /// <returns>Null if nothing is hidden that was not hidden before.</returns>
    public FileProblem? Find(HostFolder wildcard)
    {
        // Somebody's own ends the search already.
        if (wildcard.IsForeign)
        {
            return null;
        }

        var hidden = new List<string>();
        foreach (string root in roots.Skip(1))
        {
            if (NodeFolder.FoldersAndLinks(root, out IReadOnlyList<string> names) is { } unreadable)
            {
                return unreadable;
            }

            hidden.AddRange(names.Where(IsHidden).Select(n => Path.Combine(root, n)));
            // The same for what comes after this one's.
            if (names.Contains(HostPaths.Default))
            {
                break;
            }
        }

        return hidden.Count == 0 ? null : new FileProblem(
            NodeReasons.HiddenExisting,
            $"{wildcard.Folder} would hide {Name(hidden)}, since containerd looks no further than the first folder of its config_path that has "
            + $"something for a host: copy what is hidden to {roots[0]}, or give these hosts an entry of their own in spec.mirrors");
    }

    private bool IsHidden(string name) =>
        !_mirrored.Contains(name) && HostPaths.HostOf(name) is { } host && !HostPaths.NamesOf(host).Any(IsInFirst);

    // What is no folder, or a link, is found by containerd too. What is ours alone is of a host that is no longer asked for, and goes.
    private bool IsInFirst(string name) =>
        HostFolder.Look(roots[0], name, out HostFolder folder) is not null
        || folder.IsForeign
        || (folder.Mark is { } mark && mark.Owner != owner);

    private static string Name(List<string> hidden)
    {
        string named = string.Join(", ", hidden.Take(MostNamed));
        return hidden.Count > MostNamed ? $"{named} and {hidden.Count - MostNamed} more" : named;
    }
}
