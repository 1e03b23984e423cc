using System.Text.Json.Nodes;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Nodes that come into the resource's selection and leave it.</summary>
public sealed class MirrorSelectionTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    private string Label => $"{Resource.Name}.example.com/serves";

    private string Image => $"{Host}/team/app:1";

    [Fact]
    public async Task A_node_that_leaves_the_selection_is_as_before_and_the_other_goes_on()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        await PutImageAsync("team/app:1");
        await SelectAsync(Server, yes: true);
        await SelectAsync(Agent, yes: true);
        Resource.Spec["node"]!["nodeSelector"] = new JsonObject { [Label] = "yes" };
        Mirror(Host);
        try
        {
            await NodeFiles.WriteAsync(Agent, $"{FolderOf(Host, Agent)}/hosts.toml", $"server = \"https://{Host}\"\n", Ct);
            var before = await ToldAsync(Host, Agent, Ct);
            await Resource.ApplyAsync(Ct);
            await WaitUntilMirroredAsync();
            var server = await ToldAsync(Host, Server, Ct);

            await SelectAsync(Agent, yes: false);

            await WaitUntilToldAsync(Host, Agent, before);
            await FailToPullAsync(Agent, Image);
            await WaitUntilMirroredAsync(nodes: 1);
            Assert.Equal(server, await ToldAsync(Host, Server, Ct));
            await PullAsync(Server, Image);

            await SelectAsync(Agent, yes: true);
            await WaitUntilMirroredAsync();
            await PullAsync(Agent, Image);
            await Resource.DeleteAsync(Ct);
            Assert.Equal(before, await ToldAsync(Host, Agent, Ct));
        }
        finally
        {
            NodeFiles.Delete(Agent, FolderOf(Host, Agent));
        }
    }

    private Task<string> SelectAsync(Node node, bool yes) =>
        Cluster.KubectlAsync(["label", "node", node.Name, yes ? $"{Label}=yes" : $"{Label}-", "--overwrite"], Ct);
}
