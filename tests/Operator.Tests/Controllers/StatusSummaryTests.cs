using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using Xunit;

namespace LocalRegistry.Operator.Tests.Controllers;

public sealed class StatusSummaryTests
{
    private static readonly V1DaemonSet DaemonSet = Samples.Parse<V1DaemonSet>("""
        metadata: {generation: 1}
        status: {observedGeneration: 1, desiredNumberScheduled: 3, currentNumberScheduled: 3, numberMisscheduled: 0, updatedNumberScheduled: 3, numberReady: 3, numberAvailable: 3}
        """);

    [Theory]
    [InlineData(2)]
    [InlineData(null)]
    public void Of_nodes_counts_those_that_pull_through_their_registry_too(int? mirrored) => Assert.Equal(
        new NodesStatus { Desired = 3, Updated = 3, Ready = 3, Mirrored = mirrored }, Of(RolloutObservation.Of(DaemonSet, [], wasComplete: true), mirrored).Nodes);

    [Fact]
    public void Of_no_nodes_counts_none() => Assert.Null(Of(RolloutObservation.OfNothing(), 2).Nodes);

    private static LocalRegistryStatus Of(RolloutObservation nodes, int? mirrored)
    {
        RolloutPlan plan = Samples.Plan();
        return StatusSummary.Of(
            Samples.Registry(), new LocalRegistryStatus(), new ConditionSet([], 3, DateTimeOffset.UnixEpoch), Proofs.None, new GateDecision(plan, IsCurrent: true, Opened: true), nodes, mirrored);
    }
}
