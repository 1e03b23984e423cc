using k8s;
using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A changed configuration replaces the old one on every node.</summary>
public sealed class ConfigurationRolloutTests(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    private static readonly TimeSpan DriftDeadline = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_changed_configuration_reaches_every_node_and_the_old_one_goes()
    {
        await RollOutAsync();
        var before = await ConfigMapNamesAsync(Ct);

        Resource.Config["log"]!["level"] = "debug";
        await Resource.ApplyAsync(Ct);
        await WaitUntilReadyAsync();

        var after = await Wait.UntilAsync(
            "the old ConfigMap to go", ConfigMapNamesAsync, names => !names.Intersect(before).Any(), DriftDeadline, Ct);
        var name = Assert.Single(after);
        var pods = await Cluster.Client.CoreV1.ListNamespacedPodAsync(Product.Namespace, cancellationToken: Ct);
        var mine = pods.Items.Where(pod => pod.OwnerReferences()?.Any(o => o.Kind == "DaemonSet" && o.Name == Resource.Name) == true).ToList();
        Assert.Equal(2, mine.Count);
        Assert.All(mine, pod => Assert.Contains(pod.Spec.Volumes, volume => volume.ConfigMap?.Name == name));
        var config = await Cluster.Client.CoreV1.ReadNamespacedConfigMapAsync(name, Product.Namespace, cancellationToken: Ct);
        Assert.Contains("debug", string.Concat(config.Data.Values), StringComparison.Ordinal);
    }
}
