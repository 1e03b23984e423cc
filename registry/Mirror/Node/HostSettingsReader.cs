using System.Collections.Frozen;
using LocalRegistry.Registry.Configuration;
using Tomlyn.Model;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>
/// Reads what containerd knows of a host: a <c>hosts.toml</c>, or the certificates that are used where there is none. What containerd itself
/// would refuse is refused here too, since it would refuse the file that it is merged into as well.
/// </summary>
/// <remarks>As core/remotes/docker/config/hosts.go of containerd 2.4 reads it, and docs/hosts.md describes it.</remarks>
internal static class HostSettingsReader
{
    private static readonly FrozenSet<string> Capabilities =
        FrozenSet.ToFrozenSet(["pull", "resolve", "push", "referrers"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a <c>hosts.toml</c>.</summary>
    /// <param name="content">Its content.</param>
    /// <param name="folder">Its folder, from which relative paths are meant.</param>
    /// <param name="settings">What it says; paths in it are absolute.</param>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? Read(byte[] content, string folder, out HostSettings? settings)
    {
        settings = null;
        if (Toml.Read(content, out TomlTable? root, out IReadOnlyList<IReadOnlyList<string>> headers) is { } problem)
        {
            return problem;
        }

        TomlTable? hosts = Toml.Table(root, "host");
        var mirrors = new List<(string Url, TomlTable Settings)>();
        // containerd knows only of hosts that have a table's header of their own.
        foreach (string url in headers.Where(h => h.Count > 1 && h[0] == "host").Select(h => h[1]).Distinct())
        {
            if (Toml.Table(hosts, url) is { } host)
            {
                mirrors.Add((url, host));
            }
        }

        object? server = Toml.Value(root, "server");
        root!.Remove("server");
        root.Remove("host");
        if (server is not null and not string)
        {
            return "server must be a text";
        }

        foreach (TomlTable each in mirrors.Select(m => m.Settings).Prepend(root))
        {
            if (CheckAndMakeAbsolute(each, folder) is { } wrong)
            {
                return wrong;
            }
        }

        settings = new HostSettings { Server = server is "" ? null : (string?)server, ServerSettings = root, Mirrors = mirrors };
        return null;
    }

    /// <summary>The certificates that are used for the image's own host where a folder has no <c>hosts.toml</c>.</summary>
    /// <param name="folder">The host's folder.</param>
    /// <param name="names">The names of the files in it.</param>
    /// <returns>The settings; null if there are no certificates.</returns>
    public static HostSettings? FromCertificates(string folder, IReadOnlyCollection<string> names)
    {
        var authorities = new TomlArray();
        var clients = new TomlArray();
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            if (name.EndsWith(".crt", StringComparison.Ordinal))
            {
                authorities.Add(Path.Combine(folder, name));
            }
            else if (name.EndsWith(".cert", StringComparison.Ordinal))
            {
                string key = name[..^".cert".Length] + ".key";
                string certificate = Path.Combine(folder, name);
                clients.Add(names.Contains(key) ? new TomlArray { certificate, Path.Combine(folder, key) } : certificate);
            }
        }

        var settings = new TomlTable();
        if (authorities.Count > 0)
        {
            settings["ca"] = authorities;
        }

        if (clients.Count > 0)
        {
            settings["client"] = clients;
        }

        return settings.Count == 0 ? null : new HostSettings { ServerSettings = settings };
    }

    private static string? CheckAndMakeAbsolute(TomlTable settings, string folder)
    {
        foreach (string key in settings.Keys.ToArray())
        {
            bool isGood = (key, settings[key]) switch
            {
                ("capabilities", var value) => value is TomlArray list && list.All(c => c is string word && Capabilities.Contains(word)),
                ("ca" or "client", var value) => IsPath(value) || (value is TomlArray list && list.All(IsCertificate)),
                ("skip_verify" or "override_path", var value) => value is bool,
                ("dial_timeout", var value) => value is "" || (value is string text && GoDuration.TryParse(text, out _)),
                ("header", var value) => value is TomlTable headers && headers.Values.All(h => h is string || (h is TomlArray list && list.All(v => v is string))),
                _ => true,
            };
            if (!isGood)
            {
                return $"{key} is not as containerd reads it";
            }

            if (key is "ca" or "client")
            {
                settings[key] = Absolute(settings[key], folder);
            }
        }

        return null;
    }

    private static bool IsCertificate(object? value) => IsPath(value) || (value is TomlArray { Count: 2 } pair && pair.All(IsPath));

    // No file has a name with this character, and those who are asked for one fail in their own ways.
    private static bool IsPath(object? value) => value is string text && !text.Contains('\0');

    private static object Absolute(object? value, string folder)
    {
        if (value is not TomlArray list)
        {
            return Path.GetFullPath((string)value!, folder);
        }

        var absolute = new TomlArray();
        foreach (object? each in list)
        {
            absolute.Add(Absolute(each, folder));
        }

        return absolute;
    }
}
