using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>What mirrors are for: image names stay as they are, and the nodes' registries serve them.</summary>
public sealed class MirrorTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    private string Image => $"{Host}/team/app:1";

    [Fact]
    public async Task Images_of_a_host_that_does_not_exist_start_on_every_node_as_long_as_the_resource_stands_in_for_it()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        var digest = await PutImageAsync("copies/team/app:1");
        await Resource.ApplyAsync(Ct);
        await WaitUntilReadyAsync();
        var before = await OnEveryNodeAsync(node => ToldAsync(Host, node, Ct));
        await OnEveryNodeAsync(node => FailToPullAsync(node, Image));

        Mirror(Host, prefix: "copies");
        await Resource.ApplyAsync(Ct);

        await WaitUntilMirroredAsync();
        Assert.All(await OnEveryNodeAsync(node => PullAsync(node, Image)), pulled => Assert.Equal(digest, pulled));
        await WaitForMetricAsync("localregistry_condition", "1", "type=\"MirrorConfigured\"", "status=\"True\"");
        await WaitForMetricAsync("localregistry_mirror_nodes", "2", "state=\"proven\"");

        Resource.Spec.Remove("mirrors");
        await Resource.ApplyAsync(Ct);

        var after = await Task.WhenAll(Cluster.Nodes.Zip(before, (node, told) => WaitUntilToldAsync(Host, node, told)));
        Assert.Equal(before, after);
        await WaitUntilReadyAsync();
        await OnEveryNodeAsync(node => FailToPullAsync(node, Image));
    }
}
