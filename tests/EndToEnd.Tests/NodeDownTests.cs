using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A resource that is deleted while a node is down: nobody waits for ever, and the node is not forgotten.</summary>
[Collection(nameof(ClusterAlone))]
public sealed class NodeDownTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    private static readonly TimeSpan GoneDeadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_node_that_is_down_when_the_resource_is_deleted_is_waited_for_given_up_and_restored_when_it_comes_back()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        Mirror(Host);
        Resource.Spec["node"]!["runtime"] = new JsonObject { ["restoreTimeout"] = "30s" };
        var before = await OnEveryNodeAsync(node => ToldAsync(Host, node, Ct));
        await Resource.ApplyAsync(Ct);
        await WaitUntilMirroredAsync();
        Assert.NotEqual(before, await OnEveryNodeAsync(node => ToldAsync(Host, node, Ct)));

        await MoveLeaderToServerAsync();
        await Agent.PauseAsync(Ct);
        try
        {
            await Cluster.KubectlAsync(["--namespace", Resource.Namespace, "delete", "localregistry", Resource.Name, "--wait=false"], Ct);
            // The node that is up does not wait for the other, and the resource does.
            await WaitUntilToldAsync(Host, Server, before[0]);
            Assert.Equal("localregistry.dev/restore-nodes", await FinalizersAsync(Ct));
            await Wait.UntilAsync("the resource to be let go of", FinalizersAsync, finalizers => finalizers.Length == 0, GoneDeadline, Ct);
            var remembered = Assert.Single(await RememberedAsync(Ct));
            Assert.Contains(Agent.Name, string.Join('\n', remembered.Data.Select(entry => $"{entry.Key}: {entry.Value}")), StringComparison.Ordinal);
        }
        finally
        {
            await Agent.ResumeAsync(CancellationToken.None);
        }

        await WaitUntilToldAsync(Host, Agent, before[1]);
        await Wait.UntilAsync("the node to be forgotten", RememberedAsync, maps => maps.Count == 0, GoneDeadline, Ct);
    }

    // What is tried here is not how the operator's replicas take over from one another, which takes a quarter of a minute.
    private async Task MoveLeaderToServerAsync()
    {
        const string replicas = "app.kubernetes.io/component=operator";
        var pods = await Cluster.Client.CoreV1.ListNamespacedPodAsync(
            Product.Namespace, labelSelector: replicas, fieldSelector: $"spec.nodeName={Agent.Name}", cancellationToken: Ct);
        // Else those that come for them may come back to where they were.
        await Cluster.KubectlAsync(["cordon", Agent.Name], Ct);
        try
        {
            foreach (var pod in pods.Items)
            {
                await Cluster.Client.CoreV1.DeleteNamespacedPodAsync(pod.Name(), pod.Namespace(), cancellationToken: Ct);
            }

            await Wait.UntilAsync("an operator on the server to lead", async token =>
            {
                var lease = await Cluster.Client.CoordinationV1.ReadNamespacedLeaseAsync("localregistry-operator", Product.Namespace, cancellationToken: token);
                var there = await Cluster.Client.CoreV1.ListNamespacedPodAsync(
                    Product.Namespace, labelSelector: replicas, fieldSelector: $"spec.nodeName={Server.Name}", cancellationToken: token);
                return (there.Items.Any(pod => lease.Spec.HolderIdentity?.StartsWith(pod.Name(), StringComparison.Ordinal) == true), $"{lease.Spec.HolderIdentity}");
            }, GoneDeadline, Ct);
        }
        finally
        {
            await Cluster.KubectlAsync(["uncordon", Agent.Name], CancellationToken.None);
        }
    }

    // Of a resource that is gone there are none.
    private Task<string> FinalizersAsync(CancellationToken ct) => Cluster.KubectlAsync(
        ["--namespace", Resource.Namespace, "get", "localregistry", Resource.Name, "--ignore-not-found", "-o", "jsonpath={.metadata.finalizers[*]}"], ct);

    private async Task<IList<V1ConfigMap>> RememberedAsync(CancellationToken ct) =>
        (await Cluster.Client.CoreV1.ListNamespacedConfigMapAsync(
            Resource.Namespace, fieldSelector: $"metadata.name={Resource.Name}-configured-nodes", cancellationToken: ct)).Items;
}
