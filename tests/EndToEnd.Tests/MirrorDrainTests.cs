using k8s;
using k8s.Models;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A node that is drained: its registry and its mirrors belong to the node, not to what runs on it.</summary>
public sealed class MirrorDrainTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    [Fact]
    public async Task A_drained_node_keeps_its_pods_and_its_mirrors_and_pulls()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        await PutImageAsync("team/app:1");
        Mirror(Host);
        await Resource.ApplyAsync(Ct);
        await WaitUntilMirroredAsync();
        var pods = await PodsAsync();
        var told = await ToldAsync(Host, Agent, Ct);
        Assert.Equal(["node-config", "registry"], pods.Select(pod => pod.Component));

        // Of the node's pods only the resource's: other tests run there too.
        await Cluster.KubectlAsync(
            ["drain", Agent.Name, "--ignore-daemonsets", $"--pod-selector=app.kubernetes.io/instance={Resource.Name}", "--timeout=60s"], Ct);
        try
        {
            Assert.Equal(pods, await PodsAsync());
            Assert.Equal(told, await ToldAsync(Host, Agent, Ct));
            await PullAsync(Agent, $"{Host}/team/app:1");
            await WaitUntilMirroredAsync();
        }
        finally
        {
            await Cluster.KubectlAsync(["uncordon", Agent.Name], CancellationToken.None);
        }
    }

    /// <summary>The resource's pods that are there to stay, on the agent.</summary>
    private async Task<List<(string Component, string Name, string Uid)>> PodsAsync()
    {
        var pods = await Cluster.Client.CoreV1.ListNamespacedPodAsync(
            Resource.Namespace, labelSelector: $"app.kubernetes.io/instance={Resource.Name}", fieldSelector: $"spec.nodeName={Agent.Name}", cancellationToken: Ct);
        return [.. pods.Items
            .Where(pod => pod.DeletionTimestamp() is null && pod.OwnerReferences()?.Any(owner => owner.Kind == "DaemonSet") == true)
            .Select(pod => (pod.GetLabel("app.kubernetes.io/component"), pod.Name(), pod.Uid()))
            .Order()];
    }
}
