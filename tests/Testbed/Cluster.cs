using k8s;
using k8s.Models;

namespace LocalRegistry.Testbed;

/// <summary>A Kubernetes cluster of two nodes, each a container: a server, which runs pods too, and an agent.</summary>
public sealed class Cluster : IDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(4);

    private Cluster(IReadOnlyList<Node> nodes, string kubeconfigPath, IKubernetes client, Version version)
    {
        Nodes = nodes;
        KubeconfigPath = kubeconfigPath;
        Client = client;
        Version = version;
    }

    /// <summary>The nodes, the server first.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>A kubeconfig for this machine, readable by its owner only.</summary>
    public string KubeconfigPath { get; }

    /// <summary>A client with all permissions.</summary>
    public IKubernetes Client { get; }

    /// <summary>The version of Kubernetes: major, minor, patch.</summary>
    public Version Version { get; }

    /// <summary>Runs kubectl and returns its output.</summary>
    /// <exception cref="CommandException">kubectl failed; the message holds what it said.</exception>
    public Task<string> KubectlAsync(IEnumerable<string> arguments, CancellationToken ct) =>
        KubectlAsync(arguments, new CommandOptions(), ct);

    /// <summary>Runs kubectl with options, for example with text on its standard input.</summary>
    /// <inheritdoc cref="KubectlAsync(IEnumerable{string}, CancellationToken)"/>
    public async Task<string> KubectlAsync(IEnumerable<string> arguments, CommandOptions options, CancellationToken ct) =>
        (await CommandLine.RunAsync("kubectl", [$"--kubeconfig={KubeconfigPath}", .. arguments], options, ct)).Output;

    /// <summary>Applies YAML documents by server-side apply.</summary>
    public Task<string> ApplyAsync(string yaml, CancellationToken ct) =>
        KubectlAsync(["apply", "--server-side", "--force-conflicts", "-f", "-"], new CommandOptions { Input = yaml }, ct);

    /// <summary>
    /// Gives an image of this machine's engine to every node. Returns the name that pods run it under: the image's own with its tag made
    /// unique for its content, so that a pod of a rebuilt image is another pod.
    /// </summary>
    public async Task<string> LoadImageAsync(string image, CancellationToken ct)
    {
        var id = (await Docker.RunAsync(["image", "inspect", "--format", "{{.Id}}", image], ct)).Trim();
        var name = $"{image}-{id["sha256:".Length..][..12]}";
        await Task.WhenAll(Nodes.Select(node => LoadImageAsync(node, image, name, ct)));
        return name;
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    /// <summary>Takes over the containers of a bed and waits until both nodes are ready; null where one is not running.</summary>
    internal static async Task<Cluster?> FindAsync(BedName bed, CancellationToken ct)
    {
        var server = await ContainerState.FindAsync(bed, ClusterContainers.Server, ct);
        var agent = await ContainerState.FindAsync(bed, ClusterContainers.Agent, ct);
        if (server is null || agent is null)
        {
            return null;
        }

        Node[] nodes = [ToNode(server), ToNode(agent)];
        var kubeconfig = await WriteKubeconfigAsync(bed, nodes[0], server.ApiPort!.Value, ct);
        var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        await WaitForNodesAsync(client, nodes, ct);
        // "v1.34.1+k3s1"; the numbers beside it may be empty.
        var version = (await client.Version.GetCodeAsync(ct)).GitVersion.TrimStart('v').Split('+', '-')[0];
        return new Cluster(nodes, kubeconfig, client, Version.Parse(version));
    }

    private static Node ToNode(ContainerState container) =>
        new(container.Hostname, container.Id, container.Address, container.ProcessId);

    private static async Task<string> WriteKubeconfigAsync(BedName bed, Node server, int port, CancellationToken ct)
    {
        // A bed that is taken over may have been left in the middle of its start.
        var inside = await Wait.UntilAsync(
            "the cluster's kubeconfig", token => server.ExecAsync(["cat", "/etc/rancher/k3s/k3s.yaml"], token), text => text.Length > 0, StartDeadline, ct);
        var folder = Directory.CreateDirectory(Repository.PathOf("artifacts/testbed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = Path.Combine(folder.FullName, $"{bed.Value}.kubeconfig");
        File.Delete(path);
        await using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await using var writer = new StreamWriter(file);
            await writer.WriteAsync(inside.Replace("https://127.0.0.1:6443", $"https://127.0.0.1:{port}", StringComparison.Ordinal));
        }

        return path;
    }

    private static Task WaitForNodesAsync(Kubernetes client, IReadOnlyList<Node> nodes, CancellationToken ct) =>
        Wait.UntilAsync("both nodes to be ready", async token =>
        {
            var seen = (await client.CoreV1.ListNodeAsync(cancellationToken: token)).Items
                .Select(node => (Name: node.Name(), Ready: node.Status.Conditions.Any(c => c is { Type: "Ready", Status: "True" })))
                .ToList();
            return (nodes.All(node => seen.Contains((node.Name, true))), string.Join(", ", seen));
        }, StartDeadline, ct);

    private static async Task LoadImageAsync(Node node, string image, string name, CancellationToken ct)
    {
        const string hub = "docker.io/";
        var there = await node.ExecAsync(["ctr", "-n", "k8s.io", "images", "ls", "-q"], ct);
        if (there.Split('\n').Contains(hub + name))
        {
            return;
        }

        const string copy = "set -o pipefail; docker save \"$1\" | docker exec -i \"$2\" ctr -n k8s.io images import -";
        await CommandLine.RunAsync("bash", ["-c", copy, "load-image", image, node.ContainerId], ct);
        await node.ExecAsync(["ctr", "-n", "k8s.io", "images", "tag", "--force", hub + image, hub + name], ct);
    }
}
