using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Mirrors with a registry that is in the pod network: the runtime reaches it on the node's loopback interface all the same.</summary>
public sealed class HostPortMirrorTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    [Fact]
    public async Task Nodes_pull_through_a_registry_behind_a_host_port()
    {
        Resource.Spec["node"]!["network"] = "HostPort";
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        var digest = await PutImageAsync("team/app:1");
        Mirror(Host);
        await Resource.ApplyAsync(Ct);

        await WaitUntilMirroredAsync();

        Assert.All(await OnEveryNodeAsync(node => PullAsync(node, $"{Host}/team/app:1")), pulled => Assert.Equal(digest, pulled));
    }
}
