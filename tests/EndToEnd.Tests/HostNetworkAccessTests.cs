using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>On the node's network the registry is the node's own, and nobody else's.</summary>
public sealed class HostNetworkAccessTests(BedFixture bed, ITestOutputHelper output) : AccessTest(bed, output)
{
    [Fact]
    public async Task Only_the_node_and_pods_on_its_network_reach_the_registry()
    {
        var reached = await TryAllAsync("Host");

        Assert.Equal(
            new Dictionary<string, bool>
            {
                ["the node at 127.0.0.1"] = true,
                ["the node at its own address"] = false,
                ["a pod on the node's network at 127.0.0.1"] = true,
                ["a pod on the node's network at the node's address"] = false,
                ["a pod of the node at 127.0.0.1"] = false,
                ["a pod of the node at the node's address"] = false,
                // Which is the node's.
                ["a pod of the node at the registry pod's address"] = false,
                ["a pod of another node at the node's address"] = false,
                ["a pod of another node at the registry pod's address"] = false,
                ["another node at the node's address"] = false,
                ["another machine at the node's address"] = false,
            },
            reached);
    }
}
