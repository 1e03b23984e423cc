using System.Collections.Frozen;
using System.Text;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Mirror;

/// <summary>
/// The closed table of image hosts that the registry stands in for, and of repositories that it serves. What a client says of a host is a key of
/// this table and nothing else: no name in it is ever dialled.
/// </summary>
internal sealed class MirrorTable
{
    /// <summary>What a registry has that was given no <c>mirrors.yml</c>: it knows no hosts, and serves all that the bucket has.</summary>
    public static readonly MirrorTable None = new(null);

    private readonly FrozenDictionary<string, MirroredHost> _hosts;
    private readonly FrozenDictionary<string, MirroredHost>.AlternateLookup<ReadOnlySpan<char>> _hostsInPaths;
    private readonly MirrorRule? _wildcard;
    private readonly IReadOnlyList<RepositoryPattern>? _repositories;

    /// <param name="configuration"><c>mirrors.yml</c>; null if there is none.</param>
    public MirrorTable(MirrorConfiguration? configuration)
    {
        Exists = configuration is { KnowsHosts: true };
        Entries = [.. configuration?.Mirrors.Select(m => m.Host) ?? []];
        _wildcard = configuration?.Mirrors.FirstOrDefault(m => m.Host.IsWildcard);
        _repositories = configuration?.Repositories;
        var hosts = new Dictionary<string, MirroredHost>(StringComparer.OrdinalIgnoreCase);
        foreach (MirrorRule rule in configuration?.Mirrors.Where(m => !m.Host.IsWildcard) ?? [])
        {
            var host = new MirroredHost(rule.Host, rule.Host, rule.Prefix);
            hosts[rule.Host.Value] = host;
            hosts[MirroredHost.ComponentOf(rule.Host)] = host;
            foreach (string alias in rule.Host == ImageHost.DockerHub ? ImageHost.DockerHubAliases : [])
            {
                hosts[alias] = host;
            }
        }

        _hosts = hosts.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _hostsInPaths = _hosts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether there is a <c>mirrors.yml</c> that says which hosts there are: without it <c>ns</c> means nothing, as to Docker's registry.</summary>
    public bool Exists { get; }

    /// <summary>The hosts of the file, with the wildcard if it is there.</summary>
    public IReadOnlyList<ImageHost> Entries { get; }

    /// <summary>What the table says of a host; null if it is not mirrored.</summary>
    public MirroredHost? Find(ImageHost host) => _hosts.TryGetValue(host.Value, out MirroredHost? found) ? found : Below(host);

    /// <summary>
    /// The host that a component of a path names; null if it names none that is mirrored. The host's port may stand after an underscore, since in
    /// the path of an image's name a colon cannot. Under the wildcard a component without a dot and without a colon is no host, since most
    /// repositories' names begin with such a one.
    /// </summary>
    public MirroredHost? FindInPath(ReadOnlySpan<char> component)
    {
        // To compare without regard to case is safe in ASCII alone.
        if (_hostsInPaths.TryGetValue(component, out MirroredHost? found))
        {
            return Ascii.IsValid(component) ? found : null;
        }

        return _wildcard is not null && component.ContainsAny('.', ':') && MirroredHost.TryParseComponent(component, out ImageHost host) ? Below(host) : null;
    }

    /// <summary>
    /// Reads a name that may have its host before it, as <c>registry.example.com/team/app</c>. If the host is known already, a different one before
    /// the name belongs to the name: some registries have repositories that are called after the hosts they are copies of.
    /// </summary>
    /// <param name="given">The host that the request has told in another way; null if it has not.</param>
    /// <param name="name">The name.</param>
    public ClientName Read(MirroredHost? given, string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && FindInPath(name.AsSpan(0, slash)) is { } host && (given is null || given.Host == host.Host)
            ? new ClientName(host, name[(slash + 1)..])
            : new ClientName(given, name);
    }

    /// <summary>Whether a repository of the bucket is one that is served.</summary>
    public bool Serves(RepositoryName name) => Serves(name.Value);

    /// <inheritdoc cref="Serves(RepositoryName)"/>
    public bool Serves(string name)
    {
        if (_repositories is null)
        {
            return true;
        }

        foreach (RepositoryPattern pattern in _repositories)
        {
            if (pattern.Matches(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether every repository of the bucket is served.</summary>
    public bool ServesAll => _repositories is null;

    /// <summary>Whether a repository may be served whose name begins with a text, a folder of repositories with its slash.</summary>
    public bool ServesBelow(string folder) => _repositories is null || _repositories.Any(p => p.CanMatchBelow(folder));

    private MirroredHost? Below(ImageHost host)
    {
        if (_wildcard is null || host.IsWildcard)
        {
            return null;
        }

        string folder = MirroredHost.ComponentOf(host);
        return new MirroredHost(host, _wildcard.Host, _wildcard.Prefix.Length == 0 ? folder : $"{_wildcard.Prefix}/{folder}");
    }
}
