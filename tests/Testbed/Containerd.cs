using DotNet.Testcontainers.Builders;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalRegistry.Testbed;

/// <summary>
/// One of containerd's versions in a container, as a node has it, for pulls: by its own <c>ctr</c>, and through its socket as a kubelet does. It is
/// in this machine's network, so 127.0.0.1 is the same for it as for a registry that a test runs.
/// </summary>
public sealed class Containerd : IAsyncDisposable
{
    private const string Role = "containerd";

    private readonly BedName _bed;
    private readonly string _containerId;
    private readonly string _folder;
    private readonly string _suite;

    private Containerd(BedName bed, string containerId, string folder, string suite)
    {
        _bed = bed;
        _containerId = containerId;
        _folder = folder;
        _suite = suite;
    }

    /// <summary>The suites of Debian that there is a containerd of, the oldest first.</summary>
    public static IReadOnlyList<string> Suites { get; } = Repository.Version("CONTAINERD_SUITES").Split(',');

    /// <summary>Where it looks for hosts.toml, under the same path here and in the container.</summary>
    public string HostsFolder => Path.Combine(_folder, "certs.d");

    /// <summary>Its configuration.</summary>
    public string ConfigurationFile => Path.Combine(_folder, "config.toml");

    /// <summary>The socket that a kubelet would talk to.</summary>
    public string Socket => Path.Combine(_folder, "containerd.sock");

    /// <summary>Starts the version of a suite and waits until it answers. Disposing removes it and its files.</summary>
    public static async Task<Containerd> StartAsync(string suite, ContainerdOptions options, CancellationToken ct)
    {
        await Machine.PrepareAsync(["tools", "containerd"], _ => { }, ct);
        await Leftovers.RemoveAbandonedAsync(ct);
        BedName bed = BedName.Passing();
        // Not below a folder that other users can write to, and short: a socket's path has 107 bytes at most.
        string folder = Directory.CreateTempSubdirectory("containerd-").FullName;
        try
        {
            return await StartAsync(bed, folder, suite, options, ct);
        }
        catch
        {
            await RemoveAsync(bed, folder);
            throw;
        }
    }

    /// <summary>Runs ctr in the namespace that Kubernetes uses, and returns its output.</summary>
    public Task<CommandResult> CtrAsync(IEnumerable<string> arguments, CancellationToken ct) => CommandLine.RunAsync(
        "docker",
        ["exec", _containerId, $"/opt/containerd/{_suite}/ctr", "--address", Socket, "--namespace", "k8s.io", .. arguments],
        new CommandOptions { AnyExitCode = true },
        ct);

    /// <summary>What it logged so far.</summary>
    public async Task<string> LogAsync(CancellationToken ct) => (await CommandLine.RunAsync("docker", ["logs", _containerId], ct)).Error;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await RemoveAsync(_bed, _folder);

    private static async Task<Containerd> StartAsync(BedName bed, string folder, string suite, ContainerdOptions options, CancellationToken ct)
    {
        string program = $"/opt/containerd/{suite}/containerd";
        string authorities = Path.Combine(folder, "authorities.pem");
        Directory.CreateDirectory(Path.Combine(folder, "certs.d"));
        await File.WriteAllTextAsync(authorities, options.TrustedAuthorities, ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "config.toml"), Configuration(folder, options), ct);
        var builder = new ContainerBuilder(Repository.Version("CONTAINERD_IMAGE"))
            .WithName($"{bed.Value}-{Role}")
            .WithLabel(Labels.Of(bed, Role))
            .WithPrivileged(true)
            .WithBindMount(folder, folder)
            // An overlay cannot lie on the container's own.
            .WithTmpfsMount("/var/lib/containerd")
            .WithEnvironment("SSL_CERT_FILE", authorities)
            .WithCreateParameterModifier(parameters => parameters.HostConfig!.NetworkMode = "host")
            .WithEntrypoint(program)
            .WithCommand("--config", Path.Combine(folder, "config.toml"))
            .WithLogger(NullLogger.Instance)
            .WithWaitStrategy(DotNet.Testcontainers.Builders.Wait.ForUnixContainer().UntilMessageIsLogged("containerd successfully booted"));
        foreach (string host in options.HostsHere)
        {
            builder = builder.WithExtraHost(host, "127.0.0.1");
        }

        var container = builder.Build();
        await container.StartAsync(ct);
        return new Containerd(bed, container.Id, folder, suite);
    }

    private static string Configuration(string folder, ContainerdOptions options)
    {
        string images = options.ConfigurationVersion == 3 ? "io.containerd.cri.v1.images" : "io.containerd.grpc.v1.cri";
        return $"""
            version = {options.ConfigurationVersion}

            [grpc]
              address = "{folder}/containerd.sock"

            [plugins."{images}"]
              {options.ImageSettings}

              [plugins."{images}".registry]
                config_path = "{string.Join(':', [$"{folder}/certs.d", .. options.FurtherConfigPaths])}"

            {options.FurtherTables}
            """;
    }

    private static async Task RemoveAsync(BedName bed, string folder)
    {
        await Leftovers.RemoveAsync(bed, CancellationToken.None);
        Directory.Delete(folder, recursive: true);
    }
}
