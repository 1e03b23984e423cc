using System.Text.Json.Nodes;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>One resource that stands in for image hosts, each of which belongs to one test: all resources share the two nodes.</summary>
public abstract class MirrorTest(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    /// <summary>For nodes to be told, or to be as they were.</summary>
    protected static readonly TimeSpan NodeDeadline = TimeSpan.FromMinutes(3);

    /// <summary>An image host that does not exist.</summary>
    protected string Host => $"{Resource.Name}.example.com";

    /// <summary>How pods of the test run: each asks for its image anew.</summary>
    protected virtual TestPodOptions Pods => new() { AlwaysPull = true };

    /// <summary>Has the resource stand in for a host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="prefix">Where its repositories lie in the bucket; null for the top.</param>
    protected void Mirror(string host, string? prefix = null)
    {
        var mirror = new JsonObject { ["host"] = host };
        if (prefix is not null)
        {
            mirror["prefix"] = prefix;
        }

        Resource.Spec["mirrors"] = new JsonArray(mirror);
    }

    /// <summary>Where a node's runtime is told of a host.</summary>
    protected static string FolderOf(string host, Node node) => $"{node.MirrorsFolder}/{host}";

    /// <summary>Everything that a node's runtime is told of a host, to the byte.</summary>
    protected static Task<string> ToldAsync(string host, Node node, CancellationToken ct) => NodeFiles.DescribeAsync(node, FolderOf(host, node), ct);

    /// <summary>Waits until that many nodes were asked for and have all proven that they pull through their registry.</summary>
    protected async Task WaitUntilMirroredAsync(int nodes = 2)
    {
        // The condition is True before all nodes are proven, as long as no more are missing than a rollout takes at a time.
        await Wait.UntilAsync(
            $"{nodes} of {nodes} nodes to pull through their registry",
            async token => (await Resource.ConditionsAsync(token)).FirstOrDefault(c => c.Type == "MirrorConfigured"),
            condition => condition?.Status == "True" && condition.Message.StartsWith($"{nodes} of {nodes} nodes pull", StringComparison.Ordinal),
            NodeDeadline,
            Ct);
        await WaitUntilReadyAsync();
    }

    /// <summary>Waits until what a node's runtime is told of a host is, to the byte, what it was.</summary>
    protected static Task<string> WaitUntilToldAsync(string host, Node node, string before) => Wait.UntilAsync(
        $"{node.Name} to be as before, which was\n{before}\n", token => ToldAsync(host, node, token), now => now == before, NodeDeadline, Ct);

    /// <summary>Has a pod pull an image on a node and returns the digest of what it got.</summary>
    protected async Task<string> PullAsync(Node node, string image)
    {
        var name = PodOn(node);
        try
        {
            var pulled = await TestPod.RunAsync(Cluster, name, node, image, Pods, Ct);
            Assert.Contains("Successfully pulled", pulled, StringComparison.Ordinal);
            return await TestPod.DigestAsync(Cluster, name, Pods, Ct);
        }
        finally
        {
            await TestPod.DeleteAsync(Cluster, name, Pods, CancellationToken.None);
        }
    }

    /// <summary>Has a pod fail to pull an image on a node and returns what the kubelet said of it.</summary>
    protected async Task<string> FailToPullAsync(Node node, string image)
    {
        var name = PodOn(node);
        try
        {
            return await TestPod.FailToPullAsync(Cluster, name, node, image, Pods, Ct);
        }
        finally
        {
            await TestPod.DeleteAsync(Cluster, name, Pods, CancellationToken.None);
        }
    }

    /// <summary>Does the same on both nodes at once.</summary>
    protected Task<T[]> OnEveryNodeAsync<T>(Func<Node, Task<T>> act) => Task.WhenAll(Cluster.Nodes.Select(act));

    private string PodOn(Node node) => $"{Resource.Name}-on-{node.Name}";
}
