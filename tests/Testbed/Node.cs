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

    // Where Kubernetes has its containers.
    private static readonly string[] Containerd = ["ctr", "-n", "k8s.io"];

    /// <summary>The node's folder with pods that its kubelet runs without being told by the API server.</summary>
    public const string StaticPodsFolder = "/var/lib/rancher/k3s/agent/pod-manifests";

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

    /// <summary>Stops the node as if its machine had frozen: nothing on it answers.</summary>
    public Task PauseAsync(CancellationToken ct) => Docker.RunAsync(["pause", ContainerId], ct);

    /// <summary>Lets the node go on after <see cref="PauseAsync"/>.</summary>
    public Task ResumeAsync(CancellationToken ct) => Docker.RunAsync(["unpause", ContainerId], ct);

    /// <summary>Has the node reach another one no more, and with it what runs there: what it sends is lost on the way. Needs root.</summary>
    public Task CutOffAsync(Node other, CancellationToken ct) => RunInNetworkAsync("ip", ["route", "add", "blackhole", other.Address], ct);

    /// <summary>Takes <see cref="CutOffAsync"/> back.</summary>
    public Task ReconnectAsync(Node other, CancellationToken ct) => RunInNetworkAsync("ip", ["route", "del", "blackhole", other.Address], ct);

    /// <summary>The containers of a pod that run on the node, by what its containerd says, without the API server.</summary>
    /// <param name="pod">What the pod's name begins with.</param>
    /// <param name="container">The container's name in the pod.</param>
    /// <param name="ct">Ends the look.</param>
    public async Task<IReadOnlyList<string>> RunningAsync(string pod, string container, CancellationToken ct)
    {
        var ofName = $"labels.\"io.kubernetes.pod.name\"~=\"^{pod}\",labels.\"io.kubernetes.container.name\"==\"{container}\"";
        var known = await ExecAsync([.. Containerd, "containers", "ls", "-q", ofName], ct);
        var tasks = await ExecAsync([.. Containerd, "tasks", "ls"], ct);
        var running = tasks.Split('\n').Where(line => line.EndsWith("RUNNING", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]).ToHashSet();
        return [.. known.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(running.Contains)];
    }

    /// <summary>Kills a container without a chance to end by itself; its kubelet will start it again.</summary>
    /// <param name="id">As <see cref="RunningAsync"/> gives it.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task KillAsync(string id, CancellationToken ct) => ExecAsync([.. Containerd, "tasks", "kill", "--signal", "SIGKILL", id], ct);

    /// <summary>What nsenter is given in front of a program's arguments.</summary>
    internal string[] InNetwork(string program) => [$"--net=/proc/{ProcessId}/ns/net", program];
}
