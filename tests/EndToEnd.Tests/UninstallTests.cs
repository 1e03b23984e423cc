using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Taking the product away as the documentation says, LocalRegistries first, leaves the nodes as they were before it came.</summary>
[Collection(nameof(ClusterAlone))]
public sealed class UninstallTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    private readonly BedFixture _bed = bed;

    [Fact]
    public Task Uninstalling_the_chart_leaves_nothing_on_the_nodes() => UninstallAsync(Product.UninstallChartAsync);

    [Fact]
    public Task Deleting_the_manifest_leaves_nothing_on_the_nodes() => UninstallAsync(Product.UninstallAsync);

    private async Task UninstallAsync(Func<Cluster, CancellationToken, Task> uninstall)
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        // One node has been told of the host already, the other of nothing.
        await NodeFiles.WriteAsync(Agent, $"{FolderOf(Host, Agent)}/hosts.toml", $"server = \"https://{Host}\"\n", Ct);
        try
        {
            var before = await OnEveryNodeAsync(AllAsync);
            Mirror(Host);
            await Resource.ApplyAsync(Ct);
            await WaitUntilMirroredAsync();
            Assert.All(await OnEveryNodeAsync(AllAsync), now => Assert.DoesNotContain(now, before));

            await Cluster.KubectlAsync(
                ["delete", "localregistries", "--all", "--all-namespaces"], new CommandOptions { Timeout = NodeDeadline }, Ct);
            await uninstall(Cluster, Ct);

            Assert.Equal(before, await OnEveryNodeAsync(AllAsync));
            await Wait.UntilAsync(
                "everything of the product to be gone",
                token => Cluster.KubectlAsync(
                    ["get", "pods,daemonsets,deployments,jobs,configmaps,clusterroles", "--all-namespaces", "--selector=app.kubernetes.io/name=local-registry", "-o", "name"], token),
                names => names.Length == 0,
                NodeDeadline,
                Ct);
        }
        finally
        {
            NodeFiles.Delete(Agent, FolderOf(Host, Agent));
            await _bed.InstallAsync(CancellationToken.None);
        }
    }

    private static Task<string> AllAsync(Node node) => NodeFiles.DescribeAsync(node, node.MirrorsFolder, Ct);
}
