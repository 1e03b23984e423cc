using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Restoration;
using Xunit;

namespace LocalRegistry.Operator.Tests.Restoration;

public sealed class NodeSelectionTests
{
    [Theory]
    [InlineData("{}", "{}", true)]
    [InlineData("{nodeSelector: {pool: a}}", "{labels: {pool: a, zone: b}}", true)]
    [InlineData("{nodeSelector: {pool: a, zone: c}}", "{labels: {pool: a, zone: b}}", false)]
    [InlineData("{nodeSelector: {pool: a}}", "{}", false)]
    public void Labels_must_all_be_there(string spec, string metadata, bool included) =>
        Assert.Equal(included, NodeSelection.Includes(Spec(spec), new V1Node { Metadata = Samples.Parse<V1ObjectMeta>(metadata) }, hasPod: false));

    [Fact]
    public void Labels_must_be_there_whatever_runs_on_the_node() =>
        Assert.False(NodeSelection.Includes(Spec("{nodeSelector: {pool: a}}"), new V1Node { Metadata = new V1ObjectMeta() }, hasPod: true));

    [Theory]
    // Left out, every taint is tolerated; an empty list tolerates none.
    [InlineData("{}", "{key: gpu, effect: NoExecute}", true)]
    [InlineData("{tolerations: []}", "{key: gpu, effect: NoExecute}", false)]
    [InlineData("{tolerations: []}", "{key: gpu, effect: NoSchedule}", false)]
    [InlineData("{tolerations: []}", "{key: gpu, effect: PreferNoSchedule}", true)]
    // A node that is down or cordoned keeps its DaemonSet's pods.
    [InlineData("{tolerations: []}", "{key: node.kubernetes.io/unreachable, effect: NoExecute}", true)]
    [InlineData("{tolerations: []}", "{key: node.kubernetes.io/unschedulable, effect: NoSchedule}", true)]
    [InlineData("{tolerations: [{operator: Exists}]}", "{key: gpu, effect: NoSchedule}", true)]
    [InlineData("{tolerations: [{key: gpu, operator: Exists}]}", "{key: gpu, value: a, effect: NoSchedule}", true)]
    [InlineData("{tolerations: [{key: gpu, operator: Exists, effect: NoSchedule}]}", "{key: gpu, effect: NoExecute}", false)]
    [InlineData("{tolerations: [{key: gpu, value: a}]}", "{key: gpu, value: a, effect: NoSchedule}", true)]
    [InlineData("{tolerations: [{key: gpu, operator: Equal, value: b}]}", "{key: gpu, value: a, effect: NoSchedule}", false)]
    [InlineData("{tolerations: [{key: other, operator: Exists}]}", "{key: gpu, effect: NoSchedule}", false)]
    public void Taints_must_all_be_tolerated(string spec, string taint, bool included) =>
        Assert.Equal(included, NodeSelection.Includes(Spec(spec), Tainted(taint), hasPod: false));

    [Theory]
    [InlineData("NoSchedule", true)]
    [InlineData("NoExecute", false)]
    public void Pod_that_runs_is_driven_away_by_no_taint_but_NoExecute(string effect, bool included) =>
        Assert.Equal(included, NodeSelection.Includes(Spec("{tolerations: []}"), Tainted($"{{key: gpu, effect: {effect}}}"), hasPod: true));

    private static V1Node Tainted(string taint) => new()
    {
        Metadata = new V1ObjectMeta(), Spec = new V1NodeSpec { Taints = [Samples.Parse<V1Taint>(taint)] },
    };

    // A pod's fields of these names mean the same.
    private static NodeSpec Spec(string yaml)
    {
        V1PodSpec pod = Samples.Parse<V1PodSpec>(yaml);
        return new NodeSpec
        {
            NodeSelector = pod.NodeSelector is { } selector ? new Dictionary<string, string>(selector) : null,
            Tolerations = pod.Tolerations is { } tolerations ? [.. tolerations] : null,
        };
    }
}
