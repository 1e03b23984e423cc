using k8s;
using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>What users of a proven resource have: a registry on every node, kept as the resource says.</summary>
public sealed class RolloutTests(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    private static readonly TimeSpan DriftDeadline = TimeSpan.FromMinutes(1);

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

    [Fact]
    public async Task The_registry_listens_on_its_nodes_loopback_only()
    {
        await RollOutAsync();
        string[] question = ["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time", "5"];
        var port = Registry.Split(':')[1];

        var inside = await Server.RunInNetworkAsync("curl", [.. question, $"http://127.0.0.1:{port}/v2/"], Ct);
        var outside = await CommandLine.RunAsync(
            "curl", [.. question, $"http://{Server.Address}:{port}/v2/"], new CommandOptions { AnyExitCode = true }, Ct);

        Assert.Equal("200", inside.Output);
        // curl's "failed to connect".
        Assert.Equal(7, outside.ExitCode);
    }

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

    [Fact]
    public async Task A_rollout_whose_operator_is_killed_is_finished_by_its_successor()
    {
        await RollOutAsync();
        var first = await DaemonSetAsync(Ct);
        var before = await ConfigMapNamesAsync(Ct);

        Resource.Config["log"]!["level"] = "debug";
        await Resource.ApplyAsync(Ct);
        await KillOperatorsAsync();
        await Wait.UntilAsync("the rollout to begin", DaemonSetAsync, set => set?.Generation() > first!.Generation(), RolloutDeadline, Ct);
        await KillOperatorsAsync();

        // All that is left to do is the operator's: to see the rollout through, to say so, and to take the old ConfigMap away.
        await WaitUntilReadyAsync();
        await Wait.UntilAsync("the old ConfigMap to go", ConfigMapNamesAsync, names => names.Count == 1 && !names.Intersect(before).Any(), DriftDeadline, Ct);
        Assert.Equal(2, (await DaemonSetAsync(Ct))?.Status.UpdatedNumberScheduled);
    }

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

    // All replicas at once, without a chance to hand the lease on. The brackets keep pkill from finding its own shell.
    private Task<string[]> KillOperatorsAsync() => Task.WhenAll(
        Cluster.Nodes.Select(node => node.ExecAsync(["sh", "-c", "pkill -KILL -f '/app/[o]perator.dll' || [ $? = 1 ]"], Ct)));

    private async Task<IReadOnlyList<string>> ConfigMapNamesAsync(CancellationToken ct) =>
        [.. (await Cluster.Client.CoreV1.ListNamespacedConfigMapAsync(
            Product.Namespace, labelSelector: $"app.kubernetes.io/instance={Resource.Name}", cancellationToken: ct)).Items
            .Where(map => map.Data?.Values.Any(file => file.Contains("rootdirectory", StringComparison.Ordinal)) == true)
            .Select(map => map.Name())];
}
