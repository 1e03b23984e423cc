using k8s;
using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>One resource on the cluster, deleted after the test; when the test failed, what there was to see is in its output.</summary>
public abstract class ProductTest(BedFixture bed, ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>For what takes a preflight and a rollout over both nodes.</summary>
    protected static readonly TimeSpan RolloutDeadline = TimeSpan.FromMinutes(3);

    // A test beside may just have killed the operators, and it takes them a while to lead again.
    private static readonly TimeSpan MetricsDeadline = TimeSpan.FromMinutes(2);

    private RegistryResource? _resource;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected Cluster Cluster => bed.Cluster;

    protected S3Server S3 => bed.S3;

    protected RegistryResource Resource => _resource!;

    protected Node Server => Cluster.Nodes[0];

    protected Node Agent => Cluster.Nodes[1];

    /// <summary>The name of the resource's bucket.</summary>
    protected string Bucket => Resource.Name;

    /// <summary>Host and port of the registry, the same on every node.</summary>
    protected string Registry => $"127.0.0.1:{Resource.Spec["node"]!["port"]}";

    /// <summary>A port of the nodes that is this test's own, beside the registry's two.</summary>
    protected int OwnPort => (int)Resource.Spec["node"]!["port"]! + 2;

    public async ValueTask InitializeAsync() => _resource = await bed.NextResourceAsync();

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            output.WriteLine(await Product.DescribeAsync(Cluster, CancellationToken.None));
        }

        await Resource.DeleteAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    /// <summary>Creates the resource and its encrypted bucket, and waits until every node serves.</summary>
    protected async Task RollOutAsync()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        await Resource.ApplyAsync(Ct);
        await WaitUntilReadyAsync();
    }

    protected Task WaitUntilReadyAsync() => Resource.WaitForAsync("Ready", "True", RolloutDeadline, Ct);

    /// <summary>Waits until the operator tells Prometheus something; only the replica that leads knows of resources.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="value">Its value for the resource.</param>
    /// <param name="labels">Further labels, as in <c>type="Ready"</c>.</param>
    protected Task<string> WaitForMetricAsync(string metric, string value, params IReadOnlyList<string> labels) => Wait.UntilAsync(
        $"the metric {metric} of {Resource.Name} with {string.Join(", ", labels)} to be {value}",
        async token =>
        {
            var operators = await Cluster.Client.CoreV1.ListNamespacedPodAsync(
                Product.Namespace, labelSelector: "app.kubernetes.io/component=operator", cancellationToken: token);
            var scraped = await Task.WhenAll(operators.Items.Select(pod =>
                Server.RunInNetworkAsync("curl", ["--silent", "--fail", "--max-time", "5", $"http://{pod.Status.PodIP}:8080/metrics"], token)));
            return string.Join('\n', scraped.SelectMany(s => s.Output.Split('\n')).Where(line =>
                line.StartsWith($"{metric}{{", StringComparison.Ordinal) && line.Contains($"name=\"{Resource.Name}\"", StringComparison.Ordinal)));
        },
        lines => lines.Split('\n').Any(line => labels.All(label => line.Contains(label, StringComparison.Ordinal)) && line.EndsWith($" {value}", StringComparison.Ordinal)),
        MetricsDeadline,
        Ct);

    /// <summary>The resource's DaemonSet, or null.</summary>
    protected async Task<V1DaemonSet?> DaemonSetAsync(CancellationToken ct) =>
        (await Cluster.Client.AppsV1.ListNamespacedDaemonSetAsync(
            Resource.Namespace, fieldSelector: $"metadata.name={Resource.Name}", cancellationToken: ct)).Items.SingleOrDefault();

    /// <summary>The names of the ConfigMaps with the registry's configuration, the current one and those that still wait to go.</summary>
    protected async Task<IReadOnlyList<string>> ConfigMapNamesAsync(CancellationToken ct) =>
        [.. (await Cluster.Client.CoreV1.ListNamespacedConfigMapAsync(
            Product.Namespace, labelSelector: $"app.kubernetes.io/instance={Resource.Name}", cancellationToken: ct)).Items
            .Where(map => map.Data?.Values.Any(file => file.Contains("rootdirectory", StringComparison.Ordinal)) == true)
            .Select(map => map.Name())];

    /// <summary>Pushes a new image through a node's registry and returns its name in it.</summary>
    protected async Task<string> PushAsync(Node node, string repository)
    {
        var image = $"{Registry}/{repository}:latest";
        await PushAsync($"docker://{image}", node);
        return image;
    }

    /// <summary>Puts a new image into the resource's bucket, which exists, as any other registry would, and returns its digest.</summary>
    /// <param name="repository">Repository and tag, as in <c>team/app:1</c>.</param>
    protected async Task<string> PutImageAsync(string repository)
    {
        await using var docker = await DockerRegistry.StartAsync(S3, Bucket, "/myroot", Ct);
        return await PushAsync($"docker://{docker.Address}/{repository}", null);
    }

    /// <summary>Pushes a new image from a node, or from this machine, and returns its digest.</summary>
    protected static async Task<string> PushAsync(string target, Node? node)
    {
        var folder = Directory.CreateTempSubdirectory("localregistry-test-").FullName;
        try
        {
            var image = await TestImage.CreateAsync(Path.Combine(folder, "image"), new TestImageOptions(), Ct);
            await Skopeo.CopyAsync(image.Reference, target, node, Ct);
            return image.Digest;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
