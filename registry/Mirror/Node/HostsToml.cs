using LocalRegistry.Registry.Configuration.Mirrors;
using Tomlyn.Model;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>What a <c>hosts.toml</c> says once the node's registry stands in for its host.</summary>
/// <param name="registry">Where the node's registry answers, with its scheme.</param>
internal sealed class HostsToml(Uri registry)
{
    private const string DockerHubServer = "https://registry-1.docker.io";

    // The registry is on the same machine: a connection that takes longer will not come.
    private const string DialTimeout = "200ms";

    private static readonly string[] DockerHubNames = [ImageHost.DockerHub.Value, .. ImageHost.DockerHubAliases];

    private readonly string _url = registry.GetLeftPart(UriPartial.Authority);

    /// <summary>Puts the node's registry before what there was.</summary>
    /// <param name="rule">The host, and what becomes of the rest.</param>
    /// <param name="before">What there was; null if containerd knew nothing of the host.</param>
    public string Compose(MirrorRule rule, HostSettings? before)
    {
        HostSettings rest = before ?? new HostSettings { Server = rule.Host == ImageHost.DockerHub ? DockerHubServer : null };
        var root = new TomlTable();
        var hosts = new TomlTable { [_url] = OwnSettings() };
        foreach ((string url, TomlTable settings) in rest.Mirrors)
        {
            bool isOwnHost = IsHost(rule.Host, url);
            // A mirror of the old set is asked under Merge; the image's own host, wherever it is named, only where it may be asked.
            if (!IsRegistry(url) && (isOwnHost ? rule.Fallback : rule.Existing == ExistingMirrors.Merge))
            {
                hosts[url] = settings;
            }
        }

        bool isOtherServer = rest.Server is { } server && !IsHost(rule.Host, server);
        if (!rule.Fallback)
        {
            if (isOtherServer && rule.Existing == ExistingMirrors.Merge && !IsRegistry(rest.Server!))
            {
                hosts[rest.Server!] = rest.ServerSettings;
            }

            // What is asked last, and would be the image's own host if nothing was said of it.
            root["server"] = _url;
            Copy(OwnSettings(), root);
        }
        else if (!isOtherServer || rule.Existing == ExistingMirrors.Merge)
        {
            if (rest.Server is not null)
            {
                root["server"] = rest.Server;
            }

            Copy(rest.ServerSettings, root);
        }
        else if (rule.Host == ImageHost.DockerHub)
        {
            root["server"] = DockerHubServer;
        }

        root["host"] = hosts;
        return Toml.Write(root);
    }

    // Without capabilities containerd would push to it as well.
    private static TomlTable OwnSettings() => new() { ["capabilities"] = new TomlArray { "pull", "resolve" }, ["dial_timeout"] = DialTimeout };

    private static void Copy(TomlTable from, TomlTable to)
    {
        foreach ((string key, object value) in from)
        {
            to[key] = value;
        }
    }

    private bool IsRegistry(string url) => Parse(url) is { } uri && uri.Authority == registry.Authority;

    private static bool IsHost(ImageHost host, string url)
    {
        if (Parse(url) is not { } uri)
        {
            return false;
        }

        if (host == ImageHost.DockerHub)
        {
            return uri.IsDefaultPort && DockerHubNames.Contains(uri.Host);
        }

        return uri.Authority == host.Value || (uri.IsDefaultPort && $"{uri.Host}:{uri.Port}" == host.Value);
    }

    // As containerd reads it: without a scheme it is https.
    private static Uri? Parse(string url) =>
        Uri.TryCreate(url.StartsWith("http", StringComparison.Ordinal) ? url : "https://" + url, UriKind.Absolute, out Uri? uri) ? uri : null;
}
