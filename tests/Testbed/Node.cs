namespace LocalRegistry.Testbed;

/// <summary>One node of the cluster: a container with its own network and its own containerd.</summary>
/// <param name="Name">Its name in Kubernetes.</param>
/// <param name="ContainerId">Its container.</param>
/// <param name="Address">Its address, reachable from this machine.</param>
/// <param name="ProcessId">The container's first process on this machine: the way into the node's network and files.</param>
public sealed record Node(string Name, string ContainerId, string Address, int ProcessId)
{
    private const string K3s = "/var/lib/rancher/k3s/agent/etc/containerd";
    private const string Usual = "/etc/containerd";

    /// <summary>The node's folder with containerd's configuration.</summary>
    public string RuntimeFolder => File.Exists(PathOf($"{K3s}/config.toml")) ? K3s : Usual;

    /// <summary>The node's folder where containerd looks for mirrors, host by host.</summary>
    public string MirrorsFolder => $"{RuntimeFolder}/certs.d";

    /// <summary>Where a file of the node is found on this machine. Needs root.</summary>
    public string PathOf(string path) => $"/proc/{ProcessId}/root{path}";

    /// <summary>Runs a program of this machine inside the node's network, where 127.0.0.1 is the node. Needs root.</summary>
    public Task<CommandResult> RunInNetworkAsync(string program, IEnumerable<string> arguments, CancellationToken ct) =>
        RunInNetworkAsync(program, arguments, new CommandOptions(), ct);

    /// <inheritdoc cref="RunInNetworkAsync(string, IEnumerable{string}, CancellationToken)"/>
    public Task<CommandResult> RunInNetworkAsync(
        string program, IEnumerable<string> arguments, CommandOptions options, CancellationToken ct) =>
        CommandLine.RunAsync("nsenter", [.. InNetwork(program), .. arguments], options, ct);

    /// <summary>Runs a command in the node's container and returns its output.</summary>
    public Task<string> ExecAsync(IEnumerable<string> command, CancellationToken ct) =>
        Docker.RunAsync(["exec", ContainerId, .. command], ct);

    /// <summary>What nsenter is given in front of a program's arguments.</summary>
    internal string[] InNetwork(string program) => [$"--net=/proc/{ProcessId}/ns/net", program];
}
