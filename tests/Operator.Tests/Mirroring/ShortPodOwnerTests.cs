using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

public sealed class ShortPodOwnerTests
{
    [Theory]
    [InlineData(Labels.PreflightComponent, true)]
    [InlineData(Labels.MirrorProofComponent, true)]
    [InlineData(Labels.RegistryComponent, false)]
    [InlineData(Labels.NodeConfigComponent, false)]
    public void A_short_pod_wakes_its_resource_and_a_DaemonSets_pod_does_not(string component, bool wakes)
    {
        var pod = new V1Pod { Metadata = Samples.Owner.Metadata("any", component) };

        Assert.Equal(wakes ? new ResourceKey("local-registry", "registry") : null, OperatorHost.ShortPodOwner(pod));
    }

    [Theory]
    [InlineData(Labels.PreflightComponent, 0)]
    [InlineData(Labels.MirrorProofComponent, 1)]
    public void Changes_of_proofs_are_looked_at_together(string component, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), OperatorHost.WakeAfter(new V1Pod { Metadata = Samples.Owner.Metadata("any", component) }));
}
