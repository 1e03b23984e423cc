using Tomlyn.Model;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Reads a <c>registries.conf</c> as the runtime does, which takes none of its files if one of them is wrong.</summary>
/// <remarks>As pkg/sysregistriesv2 of the library that CRI-O, podman and skopeo share reads it.</remarks>
internal static class RegistriesConfReader
{
    /// <summary>Reads a file's content.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="mayBeOld">Whether it may be of the first version, as the main file may.</param>
    /// <param name="entries">Its entries in their order; of two with one prefix the runtime takes the first.</param>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? Read(byte[] content, bool mayBeOld, out IReadOnlyList<RegistriesEntry> entries)
    {
        entries = [];
        if (Toml.Read(content, out TomlTable? root, out _) is { } wrong)
        {
            return wrong;
        }

        if (Toml.Table(root, RegistriesKeys.OldRegistries) is { } old)
        {
            if (!mayBeOld || root!.ContainsKey(RegistriesKeys.Registry))
            {
                return "it has [registries] of the first version of the format";
            }

            entries = ReadOld(old);
            return null;
        }

        var read = new List<RegistriesEntry>();
        foreach (TomlTable table in RegistriesKeys.Tables(root!, RegistriesKeys.Registry))
        {
            if (ReadEntry(table, out RegistriesEntry? entry) is { } problem)
            {
                return problem;
            }

            if (read.Find(entry!.Contradicts) is { } other)
            {
                return $"the entries {other.Prefix} and {entry.Prefix} are both of {entry.Location}, and say of it that it is insecure or blocked, and that it is not";
            }

            read.Add(entry);
        }

        entries = [.. read.DistinctBy(e => e.Prefix)];
        return null;
    }

    private static string? ReadEntry(TomlTable table, out RegistriesEntry? entry)
    {
        entry = null;
        string location = Text(table, RegistriesKeys.Location);
        string prefix = Text(table, RegistriesKeys.Prefix);
        if (prefix.Length == 0)
        {
            prefix = location;
        }

        if (location.Length == 0 && !prefix.StartsWith("*.", StringComparison.Ordinal))
        {
            return prefix.Length == 0 ? "an entry has neither prefix nor location" : $"the entry {prefix} has no location";
        }

        string[] flags = [RegistriesKeys.Insecure, RegistriesKeys.Blocked, RegistriesKeys.MirrorByDigestOnly];
        if (flags.FirstOrDefault(f => Toml.Value(table, f) is not (null or bool)) is { } flag)
        {
            return $"{flag} of the entry {prefix} is neither true nor false";
        }

        if (RegistriesKeys.Tables(table, RegistriesKeys.Mirror).Any(m => Text(m, RegistriesKeys.Location).Length == 0))
        {
            return $"a mirror of the entry {prefix} has no location";
        }

        entry = new RegistriesEntry(prefix, location, table);
        return null;
    }

    private static List<RegistriesEntry> ReadOld(TomlTable old)
    {
        var entries = new Dictionary<string, RegistriesEntry>(StringComparer.Ordinal);
        foreach ((string list, string key) in (ReadOnlySpan<(string, string)>)[("insecure", RegistriesKeys.Insecure), ("block", RegistriesKeys.Blocked)])
        {
            foreach (string text in (Toml.Value(Toml.Table(old, list), RegistriesKeys.OldRegistries) as TomlArray ?? []).OfType<string>())
            {
                string location = text.TrimEnd('/');
                entries.TryAdd(location, new RegistriesEntry(location, location, []));
                entries[location].Settings[key] = true;
            }
        }

        return [.. entries.Values];
    }

    private static string Text(TomlTable table, string key) => (Toml.Value(table, key) as string ?? "").TrimEnd('/');
}
