using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>What our file is to say, and of which hosts it cannot.</summary>
/// <param name="Content">The file's content; null if there is nothing to say.</param>
/// <param name="Problems">Why it says nothing of a host, by the host.</param>
internal sealed record RegistriesPlan(byte[]? Content, IReadOnlyDictionary<string, FileProblem> Problems)
{
    /// <summary>Plans the file.</summary>
    /// <param name="owner">The LocalRegistry, as <c>namespace/name</c>.</param>
    /// <param name="mirrors">The hosts.</param>
    /// <param name="registry">Where the node's registry answers.</param>
    /// <param name="files">What the files around it say.</param>
    public static RegistriesPlan For(string owner, IReadOnlyList<MirrorRule> mirrors, Uri registry, RegistriesFiles files)
    {
        var conf = new RegistriesConf(registry);
        var entries = new List<RegistriesEntry>();
        var problems = new Dictionary<string, FileProblem>(StringComparer.Ordinal);
        foreach (MirrorRule rule in mirrors)
        {
            if (Plan(conf, rule, files, entries, out IReadOnlyList<RegistriesEntry> planned) is { } problem)
            {
                problems[rule.Host.Value] = problem;
            }
            else
            {
                entries.AddRange(planned);
            }
        }

        return new RegistriesPlan(
            entries.Count == 0 ? null : new OwnerMark(owner, MadeFolder: false).Put(OwnerMark.Explanation(owner) + RegistriesConf.Write(entries)), problems);
    }

    private static FileProblem? Plan(
        RegistriesConf conf, MirrorRule rule, RegistriesFiles files, List<RegistriesEntry> others, out IReadOnlyList<RegistriesEntry> planned)
    {
        planned = [];
        if (rule.Host.IsWildcard)
        {
            return new FileProblem(NodeReasons.WildcardUnsupported, "CRI-O and podman have no wildcard for hosts: name each host in spec.mirrors");
        }

        if (files.Find(rule.Host, out IReadOnlyDictionary<string, RegistriesEntry> before) is { } problem)
        {
            return problem;
        }

        string host = rule.Host.Value;
        planned = [.. before.Keys.Where(p => p != host).Prepend(host).Select(p => conf.Compose(rule, p, before.GetValueOrDefault(p)))];
        foreach (RegistriesEntry entry in planned)
        {
            if (others.Concat(planned).FirstOrDefault(entry.Contradicts) is { } other)
            {
                // In one file this would be an error, and then the runtime takes none of its files.
                return new FileProblem(
                    NodeReasons.UnreadableExisting,
                    $"the files of the node say of {entry.Location} that it is insecure or blocked (for {entry.Prefix}), and that it is not (for {other.Prefix}): let them say the same");
            }
        }

        return null;
    }
}
