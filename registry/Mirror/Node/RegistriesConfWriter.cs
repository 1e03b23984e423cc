using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>
/// Tells CRI-O and podman of the mirrors: one file of ours among those that they read one after the other. Since a later file's entry takes the
/// place of an earlier one's of the same prefix, ours says again what the others say; none of theirs is changed, and once ours is gone all is as
/// it was.
/// </summary>
/// <param name="owner">The LocalRegistry, as <c>namespace/name</c>.</param>
/// <param name="mirrors">The hosts.</param>
/// <param name="registry">Where the node's registry answers.</param>
/// <param name="folder">The folder of files, <c>registries.conf.d</c>. The <c>registries.conf</c> beside it is read before them.</param>
internal sealed class RegistriesConfWriter(string owner, IReadOnlyList<MirrorRule> mirrors, Uri registry, string folder) : IMirrorWriter
{
    // A namespace has no dot: two owners never have one file.
    private readonly string _file = Path.Combine(folder, $"99-localregistry-{owner.Replace('/', '.')}.conf");
    private readonly string _main = Path.Combine(Path.GetDirectoryName(folder)!, "registries.conf");

    public IReadOnlyList<HostState> Inspect()
    {
        if (Plan(out RegistriesPlan? plan) is { } problem)
        {
            return All(problem);
        }

        return Look(out byte[]? content, out string difference) is { } unreadable
            ? All(unreadable)
            : [.. mirrors.Select(m => StateOf(m, plan!, content.AsSpan().SequenceEqual(plan!.Content), difference))];
    }

    public IReadOnlyList<HostState> Apply()
    {
        if (FolderLock.Take(folder, out FolderLock? held) is { } locked)
        {
            return All(locked);
        }

        using (held)
        {
            // What cannot be planned is not restored either: what is there may be as it should be.
            FileProblem? problem = Plan(out RegistriesPlan? plan) ?? Write(plan!.Content);
            return problem is null ? [.. mirrors.Select(m => StateOf(m, plan!, isWritten: true, ""))] : All(problem);
        }
    }

    public IReadOnlyList<HostState> Restore()
    {
        if (NodeFile.Stat(folder, out Statx? found) is null && found is null)
        {
            return [];
        }

        if (FolderLock.Take(folder, out FolderLock? held) is { } locked)
        {
            return [HostState.Of("*", locked)];
        }

        using (held)
        {
            byte[]? content = null;
            if ((NodeFile.DeleteIfThere(NodeFile.TemporaryOf(_file)) ?? NodeFile.Read(_file, out content, out _)) is { } problem)
            {
                return [HostState.Of("*", problem)];
            }

            if (content is null || OwnerMark.Read(content, out _)?.Owner != owner)
            {
                return [];
            }

            // Somebody may have changed it so that it says nothing any more.
            _ = RegistriesConfReader.Read(content, mayBeOld: false, out IReadOnlyList<RegistriesEntry> entries);
            IEnumerable<string> hosts = entries.Select(e => e.Prefix.Split('/')[0]).Distinct().DefaultIfEmpty("*");
            FileProblem? failed = NodeFile.Delete(_file);
            return [.. hosts.Select(h => failed is null ? HostState.Good(h) : HostState.Of(h, failed))];
        }
    }

    private FileProblem? Plan(out RegistriesPlan? plan)
    {
        plan = null;
        if (RegistriesFiles.Read(_main, folder, Path.GetFileName(_file), out RegistriesFiles files) is { } problem)
        {
            return problem;
        }

        plan = RegistriesPlan.For(owner, mirrors, registry, files);
        return null;
    }

    // Our file as it is.
    private FileProblem? Look(out byte[]? content, out string difference)
    {
        difference = "is not there";
        if (NodeFile.Read(_file, out content, out _) is { } problem)
        {
            return problem;
        }

        if (content is null)
        {
            return null;
        }

        if (OwnerMark.Read(content, out bool isAsWritten) is not { } mark)
        {
            return new FileProblem(NodeReasons.UnreadableExisting, $"{_file} stands where ours belongs, and does not say that it is ours: take it away");
        }

        difference = isAsWritten ? "is not up to date" : "was changed by somebody else";
        return mark.Owner == owner ? null : new FileProblem(NodeReasons.OtherOwner, $"{_file} is written by the LocalRegistry {mark.Owner}: take it away");
    }

    private FileProblem? Write(byte[]? wanted)
    {
        if (Look(out byte[]? content, out _) is { } problem)
        {
            return problem;
        }

        if (wanted is null)
        {
            return NodeFile.DeleteIfThere(NodeFile.TemporaryOf(_file)) ?? (content is null ? null : NodeFile.Delete(_file));
        }

        return content is not null && content.AsSpan().SequenceEqual(wanted)
            ? NodeFile.DeleteIfThere(NodeFile.TemporaryOf(_file))
            : NodeFile.Write(_file, wanted, NodeFile.DefaultPermissions, c => RegistriesConfReader.Read(c, mayBeOld: false, out _));
    }

    private HostState StateOf(MirrorRule rule, RegistriesPlan plan, bool isWritten, string difference)
    {
        string host = rule.Host.Value;
        return plan.Problems.TryGetValue(host, out FileProblem? problem) ? HostState.Of(host, problem)
            : isWritten ? HostState.Good(host)
            : new HostState(host, NodeReasons.NotWritten, $"{_file} {difference}; it is about to be written");
    }

    private IReadOnlyList<HostState> All(FileProblem problem) => [.. mirrors.Select(m => HostState.Of(m.Host.Value, problem))];
}
