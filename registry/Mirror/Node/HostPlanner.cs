using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Finds what containerd knew of a host, and says what it is to know.</summary>
/// <param name="owner">The LocalRegistry, as <c>namespace/name</c>.</param>
/// <param name="registry">Where the node's registry answers.</param>
/// <param name="roots">containerd's folders, of which the first is written to.</param>
internal sealed class HostPlanner(string owner, Uri registry, IReadOnlyList<string> roots)
{
    private readonly HostsToml _toml = new(registry);

    /// <summary>Plans one host.</summary>
    /// <param name="rule">The host.</param>
    /// <param name="plan">The plan; null if there is a problem.</param>
    public FileProblem? Plan(MirrorRule rule, out HostPlan? plan)
    {
        plan = null;
        if (FindTarget(rule.Host, out HostFolder? target) is { } problem)
        {
            return problem;
        }

        if (target!.Mark is { } mark && mark.Owner != owner)
        {
            return new FileProblem(
                NodeReasons.OtherOwner,
                $"{target.File} is written by the LocalRegistry {mark.Owner}: let only one of the two stand in for {rule.Host} on this node");
        }

        if (FindBefore(rule, target, out HostSettings? before, out int permissions) is { } unusable)
        {
            return unusable;
        }

        var own = new OwnerMark(owner, !target.Exists || target.Mark is { MadeFolder: true });
        plan = new HostPlan(rule, target, own.Put(OwnerMark.Explanation(owner) + _toml.Compose(rule, before)), permissions);
        return null;
    }

    // The folder that containerd takes among the host's own; of those that are not there, the one that bears the host's name as it is.
    private FileProblem? FindTarget(ImageHost host, out HostFolder? target)
    {
        target = null;
        foreach (string name in HostPaths.NamesOf(host))
        {
            if (HostFolder.Look(roots[0], name, out HostFolder folder) is { } problem)
            {
                return problem;
            }

            target = folder;
            if (folder.Exists)
            {
                break;
            }
        }

        return null;
    }

    // What containerd would take if nothing of ours was there: the first folder of the host's own or of all hosts, in the first root that has one.
    private FileProblem? FindBefore(MirrorRule rule, HostFolder target, out HostSettings? before, out int permissions)
    {
        (before, permissions) = (null, NodeFile.DefaultPermissions);
        foreach (string root in roots)
        {
            foreach (string name in HostPaths.NamesOf(rule.Host).Append(HostPaths.Default).Distinct())
            {
                HostFolder folder = target;
                if ((root, name) != (target.Root, target.Name) && HostFolder.Look(root, name, out folder) is { } problem)
                {
                    return problem;
                }

                if (folder.IsForeign)
                {
                    // Without fallback nothing is asked that was not configured for this very host.
                    if (name == HostPaths.Default && !rule.Fallback)
                    {
                        return null;
                    }

                    permissions = folder.Permissions;
                    return Read(folder, out before);
                }
            }
        }

        return null;
    }

    private static FileProblem? Read(HostFolder folder, out HostSettings? settings)
    {
        byte[]? content = folder.Original;
        // An empty file is to containerd as if there was none.
        if (content is null or [])
        {
            settings = HostSettingsReader.FromCertificates(folder.Folder, folder.Others);
            return null;
        }

        return HostSettingsReader.Read(content, folder.Folder, out settings) is { } wrong
            ? new FileProblem(NodeReasons.UnreadableExisting, $"{folder.File} is left as it is, since containerd cannot read it either ({wrong}): correct it or take it away")
            : null;
    }
}
