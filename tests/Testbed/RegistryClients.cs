using DotNet.Testcontainers.Builders;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalRegistry.Testbed;

/// <summary>
/// Clients of registries in a container: oras, crane, cosign and notation, and newer versions of skopeo, podman and buildah than this machine has.
/// It is in this machine's network, and the folder for temporary files is the same for both.
/// </summary>
public sealed class RegistryClients : IAsyncDisposable
{
    private const string Role = "clients";

    private readonly BedName _bed;
    private readonly string _containerId;

    private RegistryClients(BedName bed, string containerId, string home)
    {
        _bed = bed;
        _containerId = containerId;
        Home = home;
    }

    /// <summary>The clients' working directory and home, in which they find and leave files; its path is short.</summary>
    public string Home { get; }

    /// <summary>Starts the container. Disposing removes it and what the clients have kept.</summary>
    public static async Task<RegistryClients> StartAsync(CancellationToken ct)
    {
        await Machine.PrepareAsync(["tools", "clients"], _ => { }, ct);
        await Leftovers.RemoveAbandonedAsync(ct);
        BedName bed = BedName.Passing();
        // Short: podman takes no path of more than 50 characters.
        string home = Directory.CreateTempSubdirectory("c-").FullName;
        var container = new ContainerBuilder(Repository.Version("CLIENTS_IMAGE"))
            .WithName($"{bed.Value}-{Role}")
            .WithLabel(Labels.Of(bed, Role))
            // podman and buildah mount file systems.
            .WithPrivileged(true)
            .WithBindMount(Path.GetTempPath(), Path.GetTempPath())
            .WithCreateParameterModifier(parameters => parameters.HostConfig!.NetworkMode = "host")
            .WithLogger(NullLogger.Instance)
            .Build();
        await container.StartAsync(ct);
        return new RegistryClients(bed, container.Id, home);
    }

    /// <summary>Runs a client and returns its output.</summary>
    /// <param name="program">The client, such as <c>oras</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="ct">Ends the wait for it.</param>
    /// <exception cref="CommandException">It failed; the message holds what it printed.</exception>
    public Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        string[] options =
        [
            "--workdir", Home,
            "--env", $"HOME={Home}",
            // cosign's keys have no password, and it asks nobody on the internet for the keys of the public log.
            "--env", "COSIGN_PASSWORD=",
            "--env", "TUF_MIRROR=http://127.0.0.1:1",
        ];
        return Docker.RunAsync(["exec", .. options, _containerId, program, .. arguments], ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Leftovers.RemoveAsync(_bed, CancellationToken.None);
        Directory.Delete(Home, recursive: true);
    }
}
