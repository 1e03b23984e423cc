using k8s.Models;
using LocalRegistry.Operator.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LocalRegistry.Operator.Tests.Runtime;

public sealed class NodeInformerTests : IAsyncDisposable
{
    private readonly FakeApiServer _server = FakeApiServer.Start();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Build_gives_one_that_keeps_of_every_node_what_is_read()
    {
        _server.Answer = (_, _) => (200, """
            {"kind": "NodeList", "metadata": {"resourceVersion": "9"}, "items": [{
              "metadata": {"name": "node-1", "resourceVersion": "1", "labels": {"pool": "edge"}, "annotations": {"big": "text"}, "managedFields": [{"manager": "kubelet"}]},
              "status": {"images": [{"names": ["registry.example.com/a"], "sizeBytes": 1}], "nodeInfo": {"kubeletVersion": "v1.33.4+k3s1"}}}, {
              "metadata": {"name": "node-2", "resourceVersion": "2"}}]}
            """);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var informer = NodeInformer.Build(_server.Api, TimeProvider.System, NullLogger<Informer<V1Node>>.Instance);
        Task running = informer.RunAsync(stop.Token);

        await informer.Synced.WaitAsync(TimeSpan.FromSeconds(20), stop.Token);

        Assert.Contains("GET /api/v1/nodes?limit=500", _server.Requests);
        V1Node node = informer.All.Single(n => n.Name() == "node-1");
        Assert.Null(node.Metadata.Annotations);
        Assert.Null(node.Metadata.ManagedFields);
        Assert.Null(node.Status.Images);
        Assert.Equal(("edge", "v1.33.4+k3s1"), (node.GetLabel("pool"), node.Status.NodeInfo.KubeletVersion));
        Assert.Equal(2, informer.All.Count());
        await stop.CancelAsync();
        await running;
    }
}
