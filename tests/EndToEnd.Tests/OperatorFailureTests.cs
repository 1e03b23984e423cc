using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>What an operator began that died, its successor finishes.</summary>
public sealed class OperatorFailureTests(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    private static readonly TimeSpan DriftDeadline = TimeSpan.FromMinutes(1);

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

    // All replicas at once, without a chance to hand the lease on. The brackets keep pkill from finding its own shell.
    private Task<string[]> KillOperatorsAsync() => Task.WhenAll(
        Cluster.Nodes.Select(node => node.ExecAsync(["sh", "-c", "pkill -KILL -f '/app/[o]perator.dll' || [ $? = 1 ]"], Ct)));
}
