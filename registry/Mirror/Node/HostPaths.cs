using System.Globalization;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Where containerd looks for what it knows of a host.</summary>
/// <remarks>As HostDirFromRoot of containerd 2.4 looks: the first folder that is there counts, whatever is in it.</remarks>
internal static class HostPaths
{
    /// <summary>The file in a host's folder.</summary>
    public const string FileName = "hosts.toml";

    /// <summary>The folder of every host that has none of its own.</summary>
    public const string Default = "_default";

    /// <summary>What was there before is kept beside the file under this name.</summary>
    public const string KeptName = FileName + ".localregistry-original";

    /// <summary>The names of a host's own folder, in the order in which they are looked for.</summary>
    public static IReadOnlyList<string> NamesOf(ImageHost host)
    {
        if (host.IsWildcard)
        {
            return [Default];
        }

        int colon = host.Value.LastIndexOf(':');
        return colon < 0 ? [host.Value] : [$"{host.Value[..colon]}_{host.Value[(colon + 1)..]}_", host.Value];
    }

    /// <summary>The host whose own folder has a name; null if it is none that an image could name.</summary>
    public static ImageHost? HostOf(string name)
    {
        int before = name.Length > 1 && name[^1] == '_' ? name.LastIndexOf('_', name.Length - 2) : -1;
        string host = before > 0 && ushort.TryParse(name.AsSpan(before + 1, name.Length - before - 2), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? $"{name[..before]}:{name[(before + 1)..^1]}"
            : name;
        return host[0] != '.' && (host == "localhost" || host.AsSpan().ContainsAny('.', ':')) ? new ImageHost(host) : null;
    }
}
