using System.Text.Json.Nodes;
using LocalRegistry.Testbed;

namespace LocalRegistry.Demo;

/// <summary>The demo: from nothing to pods whose images each node pulled from itself, by the name of a host that does not exist.</summary>
internal sealed class Walkthrough(BedName name)
{
    private const string Bucket = "docker-registry";

    // A name that no DNS knows (RFC 2606): whoever pulls from it pulls from the node.
    private const string Host = "registry.example.com";
    private const string Reference = "team/app:1";
    private const string Image = $"{Host}/{Reference}";

    // The demo may have run before with another image of that name.
    private static readonly TestPodOptions Pods = new() { AlwaysPull = true };

    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromMinutes(4);

    private readonly Story _story = new();

    /// <summary>Runs the demo; what an earlier run left is used.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        _story.Begin("A cluster of two nodes and an S3 server, each a container");
        await using var bed = await Bed.StartAsync(name, _story.Tell, ct);
        try
        {
            await RunAsync(bed, ct);
        }
        catch (Exception e) when (e is CommandException or TimeoutException)
        {
            Console.Error.WriteLine(await Product.DescribeAsync(bed.Cluster, ct));
            throw;
        }
    }

    private async Task RunAsync(Bed bed, CancellationToken ct)
    {
        _story.Begin($"A bucket as it should be, encrypted, without public access, abandoned uploads aborted: {Bucket}");
        await bed.S3.CreateBucketAsync(Bucket, encrypted: true, ct);
        await bed.S3.ProtectBucketAsync(Bucket, ct);
        _story.Tell($"it is at {bed.S3.Endpoint}, its default encryption is AES256");

        _story.Begin("The operator");
        await Product.InstallAsync(bed, _story.Tell, ct);

        _story.Begin($"A LocalRegistry: localregistry.yaml, for this S3, with access: ReadWrite, since the demo pushes, and a mirror of {Host}, which does not exist");
        var resource = await RegistryResource.FromSampleAsync(bed, Bucket, ct);
        resource.Spec["access"] = "ReadWrite";
        resource.Spec["mirrors"] = new JsonArray(new JsonObject { ["host"] = Host });
        await resource.ApplyAsync(ct);
        await WatchUntilReadyAsync(resource, bed.Cluster.Nodes.Count, ct);

        _story.Begin("What the nodes' containerd is told now");
        await ShowMirrorAsync(bed.Cluster, resource, ct);

        _story.Begin($"An image, pushed by skopeo on the node \"server\" to the registry of that node, as {Reference}");
        await PushAsync(bed.Cluster.Nodes[0], ct);

        _story.Begin($"A pod on each node with the image {Image}, which its kubelet pulls from its own node");
        foreach (var node in bed.Cluster.Nodes)
        {
            _story.Tell($"{node.Name}: {await TestPod.RunAsync(bed.Cluster, $"app-on-{node.Name}", node, Image, Pods, ct)}");
        }

        await ShowAsync(bed.Cluster, resource, ct);
    }

    private async Task WatchUntilReadyAsync(RegistryResource resource, int nodes, CancellationToken ct)
    {
        var allMirrored = $"{nodes} of {nodes} nodes pull";
        var shown = new Dictionary<string, ResourceCondition>();
        await Wait.UntilAsync("the LocalRegistry to be Ready, and its mirror to be proven", async token =>
        {
            var conditions = await resource.ConditionsAsync(token);
            foreach (var condition in conditions.Where(condition => shown.GetValueOrDefault(condition.Type) != condition))
            {
                shown[condition.Type] = condition;
                _story.Tell($"{condition.Type,-17}{condition.Status,-8}{condition.Reason}: {condition.Message}");
            }

            // MirrorConfigured is True already while as many nodes are missing as a rollout takes at a time, and the demo wants all of them.
            return (
                conditions.Any(condition => condition is { Type: "Ready", Status: "True" })
                && conditions.Any(condition => condition.Type == "MirrorConfigured" && condition.Message.StartsWith(allMirrored, StringComparison.Ordinal)),
                string.Join("; ", conditions));
        }, ReadyDeadline, ct);
    }

    private static async Task ShowMirrorAsync(Cluster cluster, RegistryResource resource, CancellationToken ct)
    {
        var node = cluster.Nodes[0];
        var file = $"{node.MirrorsFolder}/{Host}/hosts.toml";
        Story.Show($"cat {file}   # on the node \"{node.Name}\"", await node.ExecAsync(["cat", file], ct));
        const string condition = "{.status.conditions[?(@.type==\"MirrorConfigured\")].message}";
        string[] question = ["get", "localregistry", resource.Name, "--namespace", resource.Namespace, "-o"];
        Story.Show($"kubectl {string.Join(' ', question)} jsonpath='{condition}'", await cluster.KubectlAsync([.. question, $"jsonpath={condition}"], ct));
    }

    private async Task PushAsync(Node node, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("localregistry-demo-").FullName;
        try
        {
            var made = await TestImage.CreateAsync(Path.Combine(folder, "image"), new TestImageOptions { RandomLayerBytes = 4 << 20 }, ct);
            var pushed = $"127.0.0.1:5000/{Reference}";
            await Skopeo.CopyAsync(made.Reference, $"docker://{pushed}", node, ct);
            _story.Tell($"pushed {pushed} ({made.Digest["sha256:".Length..][..12]})");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task ShowAsync(Cluster cluster, RegistryResource resource, CancellationToken ct)
    {
        string[] questions = [$"get localregistries --namespace {resource.Namespace}", $"get pods --namespace {resource.Namespace} -o wide", "get pods -o wide"];
        foreach (var question in questions)
        {
            Story.Show($"kubectl {question}", await cluster.KubectlAsync(question.Split(' '), ct));
        }

        var node = cluster.Nodes[0];
        Console.WriteLine($"""

            Look around:
              export KUBECONFIG={cluster.KubeconfigPath}
              kubectl describe localregistry {resource.Name} --namespace {resource.Namespace}
              kubectl logs --namespace {resource.Namespace} daemonset/{resource.Name}
              kubectl logs --namespace {resource.Namespace} daemonset/{resource.Name}-node-config
              kubectl explain localregistry.spec.mirrors
              nsenter --net=/proc/{node.ProcessId}/ns/net skopeo inspect --tls-verify=false docker://127.0.0.1:5000/{Reference}

            Take it all away:
              make demo-down
            """);
        _story.Begin("done");
    }
}
