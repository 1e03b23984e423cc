using LocalRegistry.Registry.Configuration.Mirrors;
using Tomlyn.Model;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>What a <c>registries.conf</c> says once the node's registry stands in for a host.</summary>
/// <param name="registry">Where the node's registry answers.</param>
internal sealed class RegistriesConf(Uri registry)
{
    private static readonly string[] Composed =
    [
        RegistriesKeys.Prefix, RegistriesKeys.Location, RegistriesKeys.Insecure, RegistriesKeys.Mirror, RegistriesKeys.MirrorByDigestOnly,
    ];

    /// <summary>Puts the node's registry before what there was.</summary>
    /// <param name="rule">The host, and what becomes of the rest.</param>
    /// <param name="prefix">The host, or a part of its images that has an entry of its own.</param>
    /// <param name="before">What there was, under this prefix or that of the host's domain; null for nothing.</param>
    public RegistriesEntry Compose(MirrorRule rule, string prefix, RegistriesEntry? before)
    {
        if (!rule.Fallback && before?.Prefix != prefix)
        {
            // Nothing is asked then that was not configured for this very host. That the domain is blocked still counts.
            before = before?.WithoutSources();
        }

        string own = LocationOf(rule.Host, prefix);
        string location = before is { Location.Length: > 0 } && !IsRegistry(before.Location) ? before.Location : prefix;
        List<TomlTable> others = [.. Others(rule, before)];
        if (!rule.Fallback && rule.Existing == ExistingMirrors.Merge && !IsOf(rule.Host, location))
        {
            // Images that are kept elsewhere than their names say are not on the host that may not be asked.
            others.Add(Mirror(location, before!.IsInsecure));
        }

        var entry = new TomlTable { [RegistriesKeys.Prefix] = prefix, [RegistriesKeys.Location] = rule.Fallback ? location : own };
        if (!rule.Fallback || before is { IsInsecure: true })
        {
            entry[RegistriesKeys.Insecure] = true;
        }

        foreach ((string key, object value) in before?.Settings.Where(s => !Composed.Contains(s.Key)) ?? [])
        {
            entry[key] = value;
        }

        // Without others the location is the registry itself: it need not be asked twice.
        if (rule.Fallback || others.Count > 0)
        {
            var mirrors = new TomlTableArray { Mirror(own, insecure: true) };
            others.ForEach(mirrors.Add);
            entry[RegistriesKeys.Mirror] = mirrors;
        }

        return new RegistriesEntry(prefix, (string)entry[RegistriesKeys.Location], entry);
    }

    /// <summary>Writes entries as a file's text.</summary>
    public static string Write(IEnumerable<RegistriesEntry> entries)
    {
        var registries = new TomlTableArray();
        foreach (RegistriesEntry entry in entries)
        {
            registries.Add(entry.Settings);
        }

        return Toml.Write(new TomlTable { [RegistriesKeys.Registry] = registries });
    }

    // A colon cannot stand in the path of an image's name.
    private string LocationOf(ImageHost host, string prefix) => $"{registry.Authority}/{host.Value.Replace(':', '_')}{prefix[host.Value.Length..]}";

    private IEnumerable<TomlTable> Others(MirrorRule rule, RegistriesEntry? before)
    {
        if (before is null || rule.Existing == ExistingMirrors.Replace)
        {
            yield break;
        }

        foreach (TomlTable mirror in before.Mirrors)
        {
            var location = (string)mirror[RegistriesKeys.Location];
            if (IsRegistry(location) || (!rule.Fallback && IsOf(rule.Host, location)))
            {
                continue;
            }

            // What is said of all mirrors of an entry would be said of the node's registry too.
            var kept = new TomlTable();
            foreach ((string key, object value) in mirror)
            {
                kept[key] = value;
            }

            if (before.HasMirrorsForDigestsOnly)
            {
                kept[RegistriesKeys.PullFromMirror] = RegistriesKeys.DigestOnly;
            }

            yield return kept;
        }
    }

    private static TomlTable Mirror(string location, bool insecure)
    {
        var mirror = new TomlTable { [RegistriesKeys.Location] = location };
        if (insecure)
        {
            mirror[RegistriesKeys.Insecure] = true;
        }

        return mirror;
    }

    private bool IsRegistry(string location) => IsAt(location, registry.Authority);

    private static bool IsOf(ImageHost host, string location) =>
        IsAt(location, host.Value) || (host == ImageHost.DockerHub && ImageHost.DockerHubAliases.Any(a => IsAt(location, a)));

    private static bool IsAt(string location, string host) => location == host || location.StartsWith(host + "/", StringComparison.Ordinal);
}
