using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Nodes;

/// <summary>
/// A node with one of containerd's versions, a registry on a bucket, and <c>node-config</c> that has told the one of the other. A second registry
/// is the host that some of the images are named after, a third a mirror that the node had before.
/// </summary>
public abstract class ContainerdNode : IAsyncLifetime
{
    private const string OriginName = "origin.localregistry.test";
    private const string ClosedName = "closed.localregistry.test";
    private const string OtherName = "other.localregistry.test";

    private readonly S3Fixture _s3;
    private readonly string _suite;
    private readonly int _configurationVersion;
    private readonly CertificateAuthority _authority = new("the world's");
    private readonly CertificateAuthority _corporate = new("a company's own");
    private readonly string _debug = $"127.0.0.1:{FreePort.Find()}";
    private NodeConfig? _config;
    private Containerd? _containerd;
    private DockerRegistry? _origin;
    private DockerRegistry? _second;
    private RegistryProcess? _registry;
    private CriImages? _images;

    private protected ContainerdNode(S3Fixture s3, string suite, int configurationVersion) =>
        (_s3, _suite, _configurationVersion) = (s3, suite, configurationVersion);

    /// <summary>A host that is nowhere.</summary>
    public const string NoHost = "registry.example.com";

    /// <summary>A host that is nowhere, with a second mirror that the node had before.</summary>
    public const string SecondMirrorHost = "merged.example.com";

    public Containerd Containerd => _containerd!;

    public RegistryProcess Registry => _registry!;

    internal CriImages Images => _images!;

    /// <summary>The registry that some images are named after.</summary>
    public DockerRegistry Origin => _origin!;

    /// <summary>The mirror that the node had before.</summary>
    public DockerRegistry Second => _second!;

    /// <summary>The name under which containerd reaches <see cref="Origin"/>.</summary>
    public string OriginHost => HostOf(OriginName);

    /// <summary>The same registry under a name whose images come through the node's registry or not at all.</summary>
    public string ClosedHost => HostOf(ClosedName);

    /// <summary>The same registry under a name that is no mirrored one.</summary>
    public string OtherHost => HostOf(OtherName);

    /// <summary>The images' hosts that the node's registry stands in for.</summary>
    public IReadOnlyList<string> Hosts => [NoHost, SecondMirrorHost, "docker.io", OriginHost, ClosedHost, "*"];

    public async ValueTask InitializeAsync()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        _origin = await DockerRegistry.StartSecureAsync(_authority.Issue(OriginName, ClosedName, OtherName), ct);
        _second = await DockerRegistry.StartSecureAsync(_corporate.Issue(), ct);
        _containerd = await Containerd.StartAsync(_suite, new ContainerdOptions
        {
            ConfigurationVersion = _configurationVersion,
            HostsHere = [OriginName, ClosedName, OtherName],
            TrustedAuthorities = _authority.Certificate,
        }, ct);
        _images = new CriImages(_containerd.Socket);
        string folder = Directory.CreateDirectory(Path.Combine(_containerd.HostsFolder, SecondMirrorHost)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.pem"), _corporate.Certificate, ct);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "hosts.toml"), $"[host.\"https://{_second.Address}\"]\n  capabilities = [\"pull\", \"resolve\"]\n  ca = \"ca.pem\"\n", ct);
        RegistryFiles files = RegistryFiles.For(_s3, await _s3.CreateBucketAsync(encrypted: true));
        _registry = await RegistryProcess.StartAsync(files, MirrorsFor, new KeyValuePair<string, string>("REGISTRY_HTTP_DEBUG_ADDR", _debug));
        _config = await NodeConfig.StartAsync(MirrorsFor(_registry.Address), ct);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        IAsyncDisposable?[] started = [_config, _registry, _containerd, _second, _origin];
        _images?.Dispose();
        foreach (IAsyncDisposable? each in started)
        {
            await (each?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _authority.Dispose();
        _corporate.Dispose();
    }

    /// <summary>How often the registry has been asked for images of a host.</summary>
    public Task<int> RequestsAsync(string host, CancellationToken ct) => MirrorRequests.CountAsync(_debug, host, ct);

    private string HostOf(string name) => $"{name}:{Origin.Address.Split(':')[1]}";

    private string MirrorsFor(string registry) => $$"""
        owner: tests/shared
        registry: {{registry}}
        mirrors:
        - {host: {{NoHost}}, prefix: ""}
        - {host: {{SecondMirrorHost}}, prefix: merged}
        - {host: docker.io, prefix: mirror/docker.io}
        - {host: "{{OriginHost}}", prefix: mirror/origin}
        - {host: "{{ClosedHost}}", prefix: mirror/closed, fallback: false}
        - {host: "*", prefix: mirror/others}
        runtime: {kind: containerd, configuration: {{Containerd.ConfigurationFile}}, directories: [{{Containerd.HostsFolder}}]}
        """;
}
