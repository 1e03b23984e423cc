using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Networks;
using Microsoft.Extensions.Logging.Abstractions;
using Testcontainers.K3s;

namespace LocalRegistry.Testbed;

/// <summary>Starts the containers that are the cluster's nodes.</summary>
internal static class ClusterContainers
{
    /// <summary>The role and name of the node with the control plane.</summary>
    public const string Server = "server";

    /// <summary>The role and name of the other node.</summary>
    public const string Agent = "agent";

    // Test clusters are reached from this machine only.
    private const string Token = "localregistry-testbed";

    /// <summary>Starts both at once; the agent waits for the server by itself. Returns when the server's node is ready.</summary>
    public static Task StartAsync(BedName bed, INetwork network, CancellationToken ct) =>
        Task.WhenAll(StartServerAsync(bed, network, ct), StartAgentAsync(bed, network, ct));

    private static Task StartServerAsync(BedName bed, INetwork network, CancellationToken ct) =>
        new K3sBuilder(Repository.Version("NODE_IMAGE"))
            .WithName($"{bed.Value}-{Server}")
            .WithHostname(Server)
            .WithNetwork(network)
            .WithNetworkAliases(Server)
            .WithEnvironment("K3S_TOKEN", Token)
            .WithCommand($"--kube-apiserver-arg=service-account-issuer={WebIdentityProvider.IssuerOf(WebIdentityProvider.ClusterBucket)}")
            .WithLabel(Labels.Of(bed, Server))
            .WithLogger(NullLogger.Instance)
            .Build()
            .StartAsync(ct);

    // K3sBuilder always makes servers: this is what it does, for an agent.
    private static Task StartAgentAsync(BedName bed, INetwork network, CancellationToken ct) =>
        new ContainerBuilder(Repository.Version("NODE_IMAGE"))
            .WithName($"{bed.Value}-{Agent}")
            .WithHostname(Agent)
            .WithNetwork(network)
            .WithNetworkAliases(Agent)
            .WithEnvironment("K3S_URL", $"https://{Server}:{K3sBuilder.KubeSecurePort}")
            .WithEnvironment("K3S_TOKEN", Token)
            .WithPrivileged(true)
            .WithBindMount("/sys/fs/cgroup", "/sys/fs/cgroup")
            .WithTmpfsMount("/run")
            .WithTmpfsMount("/var/run")
            .WithCreateParameterModifier(parameters => parameters.HostConfig!.CgroupnsMode = "host")
            .WithCommand("agent")
            .WithLabel(Labels.Of(bed, Agent))
            .WithLogger(NullLogger.Instance)
            .Build()
            .StartAsync(ct);
}
