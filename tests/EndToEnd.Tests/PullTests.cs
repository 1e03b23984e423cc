using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>What the registries are there for: nodes pull from themselves, and push if they may.</summary>
public sealed class PullTests(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    [Fact]
    public async Task Every_node_pulls_from_itself_what_one_node_pushed()
    {
        Resource.Spec["access"] = "ReadWrite";
        await RollOutAsync();

        var digest = await PushAsync($"docker://{Registry}/team/app:1", Server);

        Assert.Equal(digest, await Skopeo.DigestAsync($"docker://{Registry}/team/app:1", Agent, Ct));
        foreach (var node in Cluster.Nodes)
        {
            var pulled = await TestPod.RunAsync(Cluster, $"puller-on-{node.Name}", node, $"{Registry}/team/app:1", Ct);
            Assert.Contains("Successfully pulled", pulled, StringComparison.Ordinal);
            await TestPod.DeleteAsync(Cluster, $"puller-on-{node.Name}", Ct);
        }
    }

    [Fact]
    public async Task Read_only_nodes_serve_what_Dockers_registry_wrote_and_refuse_pushes()
    {
        await RollOutAsync();
        await using var docker = await DockerRegistry.StartAsync(S3, Bucket, "/myroot", Ct);
        var digest = await PushAsync($"docker://{docker.Address}/team/app:1", null);

        Assert.Equal(digest, await Skopeo.DigestAsync($"docker://{Registry}/team/app:1", Server, Ct));
        await TestPod.RunAsync(Cluster, "reader", Agent, $"{Registry}/team/app:1", Ct);
        await TestPod.DeleteAsync(Cluster, "reader", Ct);
        var refusal = await Assert.ThrowsAsync<CommandException>(() => PushAsync($"docker://{Registry}/team/app:2", Server));
        Assert.Contains("unsupported", refusal.Message, StringComparison.Ordinal);
    }
}
