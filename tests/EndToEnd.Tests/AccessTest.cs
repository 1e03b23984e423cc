using k8s;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Who can reach a node's registry, tried from real pods, nodes and this machine.</summary>
public abstract class AccessTest(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    private const string Image = "team/probe:1";
    private static readonly TestPodOptions OnHostNetwork = new() { HostNetwork = true };

    private string HostPod => $"{Resource.Name}-host";

    private string Pod => $"{Resource.Name}-pod";

    private string FarPod => $"{Resource.Name}-far";

    private int Port => (int)Resource.Spec["node"]!["port"]!;

    /// <summary>Everybody who tries, with how the registry of the server's node is addressed, and whether it answers.</summary>
    protected async Task<Dictionary<string, bool>> TryAllAsync(string network)
    {
        Resource.Spec["node"]!["network"] = network;
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        await PutImageAsync(Image);
        await Resource.ApplyAsync(Ct);
        await WaitUntilReadyAsync();
        try
        {
            await TestPod.RunAsync(Cluster, HostPod, Server, $"{Registry}/{Image}", OnHostNetwork, Ct);
            await TestPod.RunAsync(Cluster, Pod, Server, $"{Registry}/{Image}", Ct);
            await TestPod.RunAsync(Cluster, FarPod, Agent, $"{Registry}/{Image}", Ct);
            var registryPod = await RegistryPodAddressAsync();
            return new Dictionary<string, bool>
            {
                ["the node at 127.0.0.1"] = await FromNodeAsync(Server, "127.0.0.1"),
                ["the node at its own address"] = await FromNodeAsync(Server, Server.Address),
                ["a pod on the node's network at 127.0.0.1"] = await FromPodAsync(HostPod, "127.0.0.1"),
                ["a pod on the node's network at the node's address"] = await FromPodAsync(HostPod, Server.Address),
                ["a pod of the node at 127.0.0.1"] = await FromPodAsync(Pod, "127.0.0.1"),
                ["a pod of the node at the node's address"] = await FromPodAsync(Pod, Server.Address),
                ["a pod of the node at the registry pod's address"] = await FromPodAsync(Pod, registryPod),
                ["a pod of another node at the node's address"] = await FromPodAsync(FarPod, Server.Address),
                ["a pod of another node at the registry pod's address"] = await FromPodAsync(FarPod, registryPod),
                ["another node at the node's address"] = await FromNodeAsync(Agent, Server.Address),
                ["another machine at the node's address"] = await FromHereAsync(Server.Address),
            };
        }
        finally
        {
            foreach (var pod in new[] { HostPod, Pod, FarPod })
            {
                await TestPod.DeleteAsync(Cluster, pod, CancellationToken.None);
            }
        }
    }

    private async Task<string> RegistryPodAddressAsync()
    {
        var pods = await Cluster.Client.CoreV1.ListNamespacedPodAsync(
            Resource.Namespace,
            labelSelector: $"app.kubernetes.io/instance={Resource.Name},app.kubernetes.io/component=registry",
            fieldSelector: $"spec.nodeName={Server.Name}",
            cancellationToken: Ct);
        return Assert.Single(pods.Items).Status.PodIP;
    }

    // Debian's static busybox crashes in wget, which looks names up even where there are none.
    private async Task<bool> FromPodAsync(string pod, string address)
    {
        const string ask = "printf 'GET /v2/ HTTP/1.0\\r\\n\\r\\n'; read -r status; echo \"$status\" >&2";
        var answer = await TestPod.ExecAsync(
            Cluster, pod, ["/bin/busybox", "nc", "-w", "3", address, $"{Port}", "-e", "/bin/busybox", "sh", "-c", ask], Ct);
        Assert.True(answer.ExitCode != 0 || answer.Error.StartsWith("HTTP/1.1 200", StringComparison.Ordinal), answer.Error);
        return Reached(answer);
    }

    private async Task<bool> FromNodeAsync(Node node, string address) =>
        Reached(await node.RunInNetworkAsync("curl", Curl(address), new CommandOptions { AnyExitCode = true }, Ct));

    private async Task<bool> FromHereAsync(string address) =>
        Reached(await CommandLine.RunAsync("curl", Curl(address), new CommandOptions { AnyExitCode = true }, Ct));

    private string[] Curl(string address) => ["--silent", "--show-error", "--fail", "--max-time", "3", Url(address)];

    private string Url(string address) => $"http://{address}:{Port}/v2/";

    // A program that is missing, or a pod that is gone, reaches nothing either: only a refusal or silence of the registry counts as that.
    private static bool Reached(CommandResult answer)
    {
        var told = answer.Output + answer.Error;
        Assert.True(
            answer.ExitCode == 0 || told.Contains("refused", StringComparison.OrdinalIgnoreCase) || told.Contains("timed out", StringComparison.OrdinalIgnoreCase)
            || told.Contains("Failed to connect", StringComparison.OrdinalIgnoreCase) || told.Contains("Could not connect", StringComparison.OrdinalIgnoreCase),
            told);
        return answer.ExitCode == 0;
    }
}
