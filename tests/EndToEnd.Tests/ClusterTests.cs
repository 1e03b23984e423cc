using k8s;
using k8s.Models;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>What every other test relies on: two nodes that run pods, which reach each other and S3.</summary>
public sealed class ClusterTests(BedFixture bed)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_nodes_are_ready()
    {
        var nodes = await bed.Cluster.Client.CoreV1.ListNodeAsync(cancellationToken: Ct);

        Assert.Equal(["agent", "server"], nodes.Items.Select(node => node.Name()).Order());
        Assert.All(nodes.Items, node => Assert.Contains(node.Status.Conditions, c => c is { Type: "Ready", Status: "True" }));
    }
}
