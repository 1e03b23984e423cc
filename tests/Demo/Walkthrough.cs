using LocalRegistry.Testbed;

namespace LocalRegistry.Demo;

/// <summary>The demo: from nothing to pods whose images each node pulled from itself.</summary>
internal sealed class Walkthrough(BedName name)
{
    private const string Bucket = "docker-registry";
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

        _story.Begin("A LocalRegistry: localregistry.yaml, for this S3 and with access: ReadWrite, since the demo pushes");
        var resource = await RegistryResource.FromSampleAsync(bed, Bucket, ct);
        resource.Spec["access"] = "ReadWrite";
        await resource.ApplyAsync(ct);
        await WatchUntilReadyAsync(resource, ct);

        _story.Begin("An image, pushed by skopeo on the node \"server\" to the registry of that node");
        var image = await PushAsync(bed.Cluster.Nodes[0], ct);

        _story.Begin("A pod on each node, whose kubelet pulls that image from its own node");
        foreach (var node in bed.Cluster.Nodes)
        {
            _story.Tell($"{node.Name}: {await TestPod.RunAsync(bed.Cluster, $"app-on-{node.Name}", node, image, ct)}");
        }

        await ShowAsync(bed.Cluster, resource.Name, image, ct);
    }

    private async Task WatchUntilReadyAsync(RegistryResource resource, CancellationToken ct)
    {
        var shown = new Dictionary<string, ResourceCondition>();
        await Wait.UntilAsync("the LocalRegistry to be Ready", async token =>
        {
            var conditions = await resource.ConditionsAsync(token);
            foreach (var condition in conditions.Where(condition => shown.GetValueOrDefault(condition.Type) != condition))
            {
                shown[condition.Type] = condition;
                _story.Tell($"{condition.Type,-16}{condition.Status,-8}{condition.Reason}: {condition.Message}");
            }

            return (conditions.Any(condition => condition is { Type: "Ready", Status: "True" }), string.Join("; ", conditions));
        }, ReadyDeadline, ct);
    }

    private async Task<string> PushAsync(Node node, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("localregistry-demo-").FullName;
        try
        {
            var made = await TestImage.CreateAsync(Path.Combine(folder, "image"), new TestImageOptions { RandomLayerBytes = 4 << 20 }, ct);
            var image = $"127.0.0.1:5000/demo/app:{made.Digest["sha256:".Length..][..12]}";
            await Skopeo.CopyAsync(made.Reference, $"docker://{image}", node, ct);
            _story.Tell($"pushed {image}");
            return image;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task ShowAsync(Cluster cluster, string resource, string image, CancellationToken ct)
    {
        foreach (var question in new[] { $"get localregistries --namespace {Product.Namespace}", $"get pods --namespace {Product.Namespace} -o wide", "get pods -o wide" })
        {
            Story.Show($"kubectl {question}", await cluster.KubectlAsync(question.Split(' '), ct));
        }

        var node = cluster.Nodes[0];
        Console.WriteLine($"""

            Look around:
              export KUBECONFIG={cluster.KubeconfigPath}
              kubectl describe localregistry {resource} --namespace {Product.Namespace}
              kubectl logs --namespace {Product.Namespace} daemonset/{resource}
              kubectl explain localregistry.spec.config
              nsenter --net=/proc/{node.ProcessId}/ns/net skopeo inspect --tls-verify=false docker://{image}

            Take it all away:
              make demo-down
            """);
        _story.Begin("done");
    }
}
