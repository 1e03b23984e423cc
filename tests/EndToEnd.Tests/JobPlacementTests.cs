using System.Text.Json.Nodes;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A preflight for which there is no node, up to the end of its time.</summary>
public sealed class JobPlacementTests(BedFixture bed, ITestOutputHelper output) : JobTest(bed, output)
{
    // A preflight has two minutes, and the cluster's controllers are as slow as the machine is busy.
    private static readonly TimeSpan JobDeadline = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task A_selector_that_no_node_matches_is_told_until_one_does()
    {
        var label = $"{Resource.Name}.example.com/serves";
        Resource.Spec["node"]!["nodeSelector"] = new JsonObject { [label] = "yes" };
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        await Resource.ApplyAsync(Ct);

        await AssertToldAsync("No node matches spec.node.nodeSelector", "PreflightCannotStart", CheckDeadline);
        await AssertToldAsync("No node matches spec.node.nodeSelector for two minutes", "PreflightTimedOut", JobDeadline);

        await Cluster.KubectlAsync(["label", "node", Agent.Name, $"{label}=yes"], Ct);
        await WaitUntilReadyAsync();
        Assert.Equal(1, (await DaemonSetAsync(Ct))?.Status.NumberReady);
    }
}
