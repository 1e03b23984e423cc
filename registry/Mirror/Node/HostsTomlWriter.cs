using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>
/// Tells containerd of the mirrors: a folder for each host with a <c>hosts.toml</c>, which containerd reads anew for every pull. What was there
/// before is kept beside it and comes back as it was. Files without our mark and folders of other hosts are not touched.
/// </summary>
/// <param name="owner">The LocalRegistry, as <c>namespace/name</c>.</param>
/// <param name="mirrors">The hosts.</param>
/// <param name="registry">Where the node's registry answers.</param>
/// <param name="roots">containerd's folders, of which the first is written to and the others are read.</param>
internal sealed class HostsTomlWriter(string owner, IReadOnlyList<MirrorRule> mirrors, Uri registry, IReadOnlyList<string> roots) : IMirrorWriter
{
    private readonly HostPlanner _planner = new(owner, registry, roots);
    private readonly HostRestorer _restorer = new(owner, roots[0]);
    private readonly HiddenFolders _hidden = new(owner, mirrors, roots);

    public IReadOnlyList<HostState> Inspect() => [.. mirrors.Select(StateOf)];

    public IReadOnlyList<HostState> Apply()
    {
        if (FolderLock.Take(roots[0], out FolderLock? held) is { } locked)
        {
            return [.. mirrors.Select(rule => HostState.Of(rule.Host.Value, locked))];
        }

        using (held)
        {
            if (NodeFolder.CleanUp(roots[0], HostPaths.FileName, out IReadOnlyDictionary<string, FileProblem> left) is { } unclean)
            {
                return [.. mirrors.Select(rule => HostState.Of(rule.Host.Value, unclean))];
            }

            var wanted = new HashSet<string>(StringComparer.Ordinal);
            var states = new List<HostState>();
            foreach (MirrorRule rule in mirrors)
            {
                FileProblem? problem = Plan(rule, out HostPlan? plan);
                if (problem is null || plan is null)
                {
                    // A host that cannot be planned is not restored either: what is there may be as it should be.
                    wanted.UnionWith(plan is null ? HostPaths.NamesOf(rule.Host) : [plan.Folder.Name]);
                }

                problem ??= HostPaths.NamesOf(rule.Host).Select(n => left.GetValueOrDefault(n)).FirstOrDefault(p => p is not null) ?? Write(plan!);
                states.Add(problem is null ? HostState.Good(rule.Host.Value) : HostState.Of(rule.Host.Value, problem));
            }

            IEnumerable<string> others = left.Keys.Except(mirrors.SelectMany(m => HostPaths.NamesOf(m.Host)));
            return [.. states, .. others.Select(n => HostState.Of(n, left[n])), .. _restorer.Restore(wanted).Where(s => s.Reason is not null)];
        }
    }

    public IReadOnlyList<HostState> Restore()
    {
        if (NodeFile.Stat(roots[0], out Statx? root) is null && root is null)
        {
            return [];
        }

        if (FolderLock.Take(roots[0], out FolderLock? held) is { } locked)
        {
            return [HostState.Of("*", locked)];
        }

        using (held)
        {
            if (NodeFolder.CleanUp(roots[0], HostPaths.FileName, out IReadOnlyDictionary<string, FileProblem> left) is { } unclean)
            {
                return [HostState.Of("*", unclean)];
            }

            IReadOnlyList<HostState> restored = _restorer.Restore(new HashSet<string>());
            return [.. left.Select(l => HostState.Of(l.Key, l.Value)), .. restored.Where(s => !left.ContainsKey(s.Host))];
        }
    }

    private HostState StateOf(MirrorRule rule) => Plan(rule, out HostPlan? plan) switch
    {
        null => plan!.State,
        // What was written before there was something to hide is taken back with the next change.
        { } problem when plan is { Folder.Mark: not null } => new(rule.Host.Value, NodeReasons.NotWritten, $"{problem.Message}; {plan.Folder.File} is about to be put back"),
        { } problem => HostState.Of(rule.Host.Value, problem),
    };

    // With a problem there is a plan only if the host must not be written, and what was written of it must go.
    private FileProblem? Plan(MirrorRule rule, out HostPlan? plan) =>
        _planner.Plan(rule, out plan) ?? (rule.Host.IsWildcard ? _hidden.Find(plan!.Folder) : null);

    private static FileProblem? Write(HostPlan plan)
    {
        HostFolder folder = plan.Folder;
        string? Check(byte[] content) => HostSettingsReader.Read(content, folder.Folder, out _);
        if (plan.IsDone)
        {
            return NodeFile.DeleteIfThere(NodeFile.TemporaryOf(folder.File));
        }

        if (!folder.Exists)
        {
            return NodeFolder.Make(folder.Root, folder.Name, HostPaths.FileName, plan.Content, plan.Permissions, Check);
        }

        return (folder is { Content: not null, Mark: null } ? NodeFile.Keep(folder.File, folder.Kept) : null)
            ?? NodeFile.Write(folder.File, plan.Content, plan.Permissions, Check);
    }
}
