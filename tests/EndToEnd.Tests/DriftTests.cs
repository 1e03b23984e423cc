using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>What was made for a resource is kept as it says, and goes with it.</summary>
public sealed class DriftTests(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    private static readonly TimeSpan DriftDeadline = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_DaemonSet_that_someone_deleted_or_changed_is_put_back()
    {
        await RollOutAsync();
        var first = await DaemonSetAsync(Ct);
        var image = first!.Spec.Template.Spec.Containers[0].Image;

        await Cluster.KubectlAsync(
            ["--namespace", Product.Namespace, "set", "image", $"daemonset/{Resource.Name}", $"{first.Spec.Template.Spec.Containers[0].Name}=example.com/other:1"], Ct);
        await Wait.UntilAsync("the image to be put back", DaemonSetAsync, set => set?.Spec.Template.Spec.Containers[0].Image == image, DriftDeadline, Ct);
        await Cluster.KubectlAsync(["--namespace", Product.Namespace, "delete", "daemonset", Resource.Name], Ct);
        await Wait.UntilAsync(
            "another DaemonSet to serve both nodes", DaemonSetAsync, set => set is { Status.NumberReady: 2 } && set.Uid() != first.Uid(), RolloutDeadline, Ct);
    }

    [Fact]
    public async Task Deleting_the_resource_takes_along_all_that_was_made_for_it()
    {
        await RollOutAsync();

        await Resource.DeleteAsync(Ct);

        const string kinds = "daemonsets,configmaps,jobs,serviceaccounts,pods,controllerrevisions";
        await Wait.UntilAsync(
            "everything of the resource to be gone",
            token => Cluster.KubectlAsync(
                ["--namespace", Product.Namespace, "get", kinds, $"--selector=app.kubernetes.io/instance={Resource.Name}", "-o", "name"], token),
            names => names.Length == 0,
            RolloutDeadline,
            Ct);
    }
}
