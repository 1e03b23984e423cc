using System.Globalization;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Controllers;
using Xunit;

namespace LocalRegistry.Operator.Tests.Controllers;

public sealed class RolloutObservationTests
{
    [Theory]
    // desired, updated, ready, available
    [InlineData(2, 2, 2, 2, "True", Reasons.NodesServing, "False", Reasons.RolloutComplete)]
    [InlineData(2, 1, 2, 2, "True", Reasons.NodesServing, "True", Reasons.RollingOut)]
    [InlineData(2, 2, 1, 1, "True", Reasons.NodesServing, "True", Reasons.RollingOut)]
    [InlineData(2, 2, 0, 0, "False", Reasons.NodesUnavailable, "True", Reasons.RollingOut)]
    [InlineData(1, 1, 0, 0, "False", Reasons.NodesUnavailable, "True", Reasons.RollingOut)]
    [InlineData(100, 100, 90, 90, "True", Reasons.NodesServing, "True", Reasons.RollingOut)]
    [InlineData(100, 100, 89, 89, "False", Reasons.NodesUnavailable, "True", Reasons.RollingOut)]
    [InlineData(0, 0, 0, 0, "False", Reasons.NoNodes, "False", Reasons.RolloutComplete)]
    public void Of_counts(int desired, int updated, int ready, int available, string availableStatus, string availableReason, string progressingStatus, string progressingReason)
    {
        var observation = RolloutObservation.Of(DaemonSet(1, 1, desired, updated, ready, available), [], wasComplete: false);

        Assert.Equal((availableStatus, availableReason), (observation.Available.Status.ToString(), observation.Available.Reason));
        Assert.Equal((progressingStatus, progressingReason), (observation.Progressing.Status.ToString(), observation.Progressing.Reason));
        Assert.Equal(new NodesStatus { Desired = desired, Updated = updated, Ready = ready }, observation.Nodes);
    }

    [Fact]
    public void Of_a_node_that_fails_after_the_rollout_is_no_rollout()
    {
        var observation = RolloutObservation.Of(DaemonSet(1, 1, 3, 3, 2, 2), [], wasComplete: true);

        Assert.True(observation.IsComplete);
        Assert.StartsWith("2 of 3 nodes serve.", observation.Available.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_counts_that_are_about_an_older_generation_is_not_complete() =>
        Assert.False(RolloutObservation.Of(DaemonSet(2, 1, 2, 2, 2, 2), [], wasComplete: false).IsComplete);

    [Fact]
    public void Of_many_broken_nodes_names_three()
    {
        V1Pod[] pods = [.. Enumerable.Range(1, 9).Select(i => Samples.Parse<V1Pod>($$$"""
            metadata: { name: p{{{i}}} }
            spec: {nodeName: node-{{{i}}}, containers: []}
            status: {containerStatuses: [{name: registry, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, message: "no bucket"}}, image: i, imageID: i, ready: false, restartCount: 1}]}
            """))];

        string message = RolloutObservation.Of(DaemonSet(1, 1, 9, 9, 0, 0), pods, wasComplete: false).Available.Message;

        Assert.Equal(
            "0 of 9 nodes serve. node-1: CrashLoopBackOff, after: no bucket; node-2: CrashLoopBackOff, after: no bucket; node-3: CrashLoopBackOff, after: no bucket.",
            message);
    }

    [Theory]
    [InlineData("""{waiting: {reason: CrashLoopBackOff, message: back-off}}, lastState: {terminated: {exitCode: 1, message: "the folder holds files"}}""", "CrashLoopBackOff: back-off, after: the folder holds files")]
    [InlineData("""{terminated: {exitCode: 1, reason: Error, message: "the folder holds files\n"}}""", "Error: the folder holds files")]
    public void Of_a_pod_whose_preparation_fails_tells_of_that(string state, string told)
    {
        V1Pod pod = Samples.Parse<V1Pod>($$$"""
            metadata: { name: p }
            spec: {nodeName: node-1, containers: []}
            status:
              initContainerStatuses: [{name: cache-prepare, state: {{{state}}}, image: i, imageID: i, ready: false, restartCount: 1}]
              containerStatuses: [{name: registry, state: {waiting: {reason: PodInitializing}}, image: i, imageID: i, ready: false, restartCount: 0}]
            """);

        Assert.Equal($"0 of 1 nodes serve. node-1: {told}.", RolloutObservation.Of(DaemonSet(1, 1, 1, 1, 0, 0), [pod], wasComplete: false).Available.Message);
    }

    private static V1DaemonSet DaemonSet(int generation, int observed, int desired, int updated, int ready, int available) =>
        Samples.Parse<V1DaemonSet>(string.Create(CultureInfo.InvariantCulture, $$"""
            metadata: {generation: {{generation}}}
            status:
              observedGeneration: {{observed}}
              desiredNumberScheduled: {{desired}}
              currentNumberScheduled: {{desired}}
              numberMisscheduled: 0
              updatedNumberScheduled: {{updated}}
              numberReady: {{ready}}
              numberAvailable: {{available}}
            """));
}
