using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>What the files around ours say, in the order in which the runtime reads them: of two that say something of one prefix the later counts.</summary>
internal sealed class RegistriesFiles
{
    private readonly List<(string File, bool IsAfterOurs, OwnerMark? Mark, RegistriesEntry Entry)> _entries = [];

    /// <summary>Reads them.</summary>
    /// <param name="main">The file that is read before the folder, if it is there.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="ours">The name of our file in it, which is left out.</param>
    /// <param name="files">What they say.</param>
    public static FileProblem? Read(string main, string folder, string ours, out RegistriesFiles files)
    {
        files = new RegistriesFiles();
        if (NodeFolder.Files(folder, out IReadOnlyList<string> names) is { } unlistable)
        {
            return unlistable;
        }

        FileProblem? problem = files.Add(main, isMain: true, isAfterOurs: false);
        foreach (string name in names.Where(n => n.EndsWith(".conf", StringComparison.Ordinal) && n != ours))
        {
            problem ??= files.Add(Path.Combine(folder, name), isMain: false, isAfterOurs: string.CompareOrdinal(name, ours) > 0);
        }

        return problem;
    }

    /// <summary>Finds what counts for a host without us.</summary>
    /// <param name="host">The host.</param>
    /// <param name="entries">The entry for all of its images, under the host's name, and those for parts of them; none that are not there.</param>
    public FileProblem? Find(ImageHost host, out IReadOnlyDictionary<string, RegistriesEntry> entries)
    {
        var found = new SortedDictionary<string, RegistriesEntry>(StringComparer.Ordinal);
        entries = found;
        string name = host.Value;
        RegistriesEntry? domain = null;
        foreach ((string file, bool isAfterOurs, OwnerMark? mark, RegistriesEntry entry) in _entries)
        {
            bool isOfHost = entry.Prefix == name || entry.IsBelow(name);
            if (isOfHost && mark is not null)
            {
                return new FileProblem(
                    NodeReasons.OtherOwner, $"{file} is written by the LocalRegistry {mark.Owner}: let only one of the two stand in for {host} on this node");
            }

            if (isOfHost && isAfterOurs)
            {
                return new FileProblem(
                    NodeReasons.Overridden, $"{file} says something else of {entry.Prefix}, and is read later: give it a name that comes before 99-localregistry");
            }

            if (isOfHost)
            {
                found[entry.Prefix] = entry;
            }
            else if (mark is null && entry.IsForDomainOf(name) && entry.Prefix.Length >= (domain?.Prefix.Length ?? 0))
            {
                domain = entry;
            }
        }

        if (domain is not null)
        {
            found.TryAdd(name, domain);
        }

        return null;
    }

    private FileProblem? Add(string file, bool isMain, bool isAfterOurs)
    {
        if (NodeFile.Read(file, out byte[]? content, out _) is { } problem)
        {
            return problem;
        }

        if (content is null)
        {
            return null;
        }

        if (RegistriesConfReader.Read(content, mayBeOld: isMain, out IReadOnlyList<RegistriesEntry> entries) is { } wrong)
        {
            return new FileProblem(NodeReasons.UnreadableExisting, $"{file} cannot be read by the runtime either, which then pulls nothing ({wrong}): correct it or take it away");
        }

        OwnerMark? mark = OwnerMark.Read(content, out _);
        _entries.AddRange(entries.Select(e => (file, isAfterOurs, mark, e)));
        return null;
    }
}
