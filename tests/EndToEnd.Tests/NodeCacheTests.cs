using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A node whose S3 is away: what it has pulled before, it pulls again, from its disk. All resources have the same S3.</summary>
[Collection(nameof(ClusterAlone))]
public sealed class NodeCacheTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    private const string Repository = "team/app:1";
    private const string HostPath = "/var/cache/localregistry-test";

    // The pod that goes ends its requests first, and each question to an S3 that hangs takes its time.
    private static readonly TimeSpan RestartDeadline = TimeSpan.FromMinutes(3);

    private string Folder => $"{HostPath}/{Resource.Namespace}.{Resource.Name}";

    [Fact]
    public async Task An_image_that_a_node_has_pulled_comes_from_its_disk_while_S3_is_away_and_after_a_restart()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        var digest = await PutImageAsync(Repository);
        Mirror(Host);
        Resource.Config["http"]!["debug"] = new JsonObject { ["prometheus"] = new JsonObject { ["enabled"] = true } };
        Resource.Spec["node"]!["cache"] = new JsonObject { ["size"] = "200Mi", ["free"] = "50Mi", ["hostPath"] = HostPath };
        try
        {
            await Resource.ApplyAsync(Ct);
            await WaitUntilMirroredAsync();
            await OnEveryNodeAsync(async node =>
            {
                Assert.Equal("1654:1654 700", (await node.ExecAsync(["stat", "--format=%u:%g %a", Folder], Ct)).Trim());
                return node;
            });
            Assert.Equal(digest, await PullAsync(Agent, $"{Host}/{Repository}"));
            await ForgetAsync(digest);

            await S3.PauseAsync(Ct);
            try
            {
                var before = await HitsAsync(Ct);
                Assert.Equal(digest, await PullAsync(Agent, $"{Host}/{Repository}"));
                Assert.True(await HitsAsync(Ct) > before, "the pull was answered by something else than the cache");

                await ForgetAsync(digest);
                await RestartRegistryAsync();
                Assert.Equal(digest, await PullAsync(Agent, $"{Host}/{Repository}"));
                Assert.True(await HitsAsync(Ct) > 0, "the pull was answered by something else than the cache that was there before");
            }
            finally
            {
                await S3.ResumeAsync(CancellationToken.None);
            }

            await WaitUntilReadyAsync();
            Resource.Spec["node"]!.AsObject().Remove("cache");
            await Resource.ApplyAsync(Ct);
            await Wait.UntilAsync("both registries to do without a cache", DaemonSetAsync, IsWithoutCache, RolloutDeadline, Ct);
            // What is on a node's disk stays, for its admin to remove.
            Assert.True(Directory.Exists(Agent.PathOf(Folder)));
        }
        finally
        {
            foreach (var node in Cluster.Nodes)
            {
                NodeFiles.Delete(node, HostPath);
            }
        }
    }

    private static bool IsWithoutCache(V1DaemonSet? set) => set?.Spec.Template.Spec is { InitContainers: null or [] } pod
        && pod.Volumes.All(volume => volume.HostPath is null)
        && !pod.Containers[0].Args.Contains("--cache")
        && set.Status is { UpdatedNumberScheduled: 2, NumberReady: 2 } status && status.ObservedGeneration == set.Generation();

    // By every name that the runtime has given it, with all that no other image needs.
    private async Task ForgetAsync(string digest)
    {
        var names = await Agent.ExecAsync(["ctr", "-n", "k8s.io", "images", "ls", "-q", $"target.digest=={digest}"], Ct);
        Assert.Contains($"{Host}/{Repository}", names, StringComparison.Ordinal);
        await Agent.ExecAsync(["ctr", "-n", "k8s.io", "images", "rm", "--sync", .. names.Split('\n', StringSplitOptions.RemoveEmptyEntries)], Ct);
        Assert.DoesNotContain(digest, await Agent.ExecAsync(["ctr", "-n", "k8s.io", "content", "ls", "-q"], Ct), StringComparison.Ordinal);
    }

    private async Task RestartRegistryAsync()
    {
        var old = Assert.Single(await RegistryPodsAsync(Ct));
        await Cluster.Client.CoreV1.DeleteNamespacedPodAsync(old.Name(), old.Namespace(), cancellationToken: Ct);
        await Wait.UntilAsync(
            "another registry to run on the agent",
            RegistryPodsAsync,
            pods => pods is [var pod] && pod.Uid() != old.Uid() && pod.Status.ContainerStatuses?.All(c => c.State?.Running is not null) == true,
            RestartDeadline,
            Ct);
        await Wait.UntilAsync(
            "it to answer",
            token => Agent.RunInNetworkAsync("curl", ["--silent", "--fail", "--max-time", "5", $"http://{Registry}/"], new CommandOptions { AnyExitCode = true }, token),
            answer => answer.ExitCode == 0,
            RestartDeadline,
            Ct);
    }

    private async Task<IList<V1Pod>> RegistryPodsAsync(CancellationToken ct) => (await Cluster.Client.CoreV1.ListNamespacedPodAsync(
        Resource.Namespace,
        labelSelector: $"app.kubernetes.io/instance={Resource.Name},app.kubernetes.io/component=registry",
        fieldSelector: $"spec.nodeName={Agent.Name}",
        cancellationToken: ct)).Items;

    /// <summary>How often the agent's registry has answered from its cache since it started.</summary>
    private async Task<double> HitsAsync(CancellationToken ct)
    {
        var debug = (int)Resource.Spec["node"]!["debugPort"]!;
        var metrics = await Agent.RunInNetworkAsync("curl", ["--silent", "--fail", "--max-time", "10", $"http://127.0.0.1:{debug}/metrics"], ct);
        return metrics.Output.Split('\n')
            .Where(line => line.StartsWith("localregistry_cache_requests_total{", StringComparison.Ordinal) && line.Contains("result=\"hit\"", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }
}
