using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Behind a host port the registry is a pod like any other: the node has it on its loopback interface, and pods have the pod.</summary>
public sealed class HostPortAccessTests(BedFixture bed, ITestOutputHelper output) : AccessTest(bed, output)
{
    [Fact]
    public async Task The_nodes_address_leads_nowhere_but_the_registry_pods_own_does()
    {
        var reached = await TryAllAsync("HostPort");

        Assert.Equal(
            new Dictionary<string, bool>
            {
                ["the node at 127.0.0.1"] = true,
                ["the node at its own address"] = false,
                ["a pod on the node's network at 127.0.0.1"] = true,
                ["a pod on the node's network at the node's address"] = false,
                ["a pod of the node at 127.0.0.1"] = false,
                ["a pod of the node at the node's address"] = false,
                // What a NetworkPolicy is for.
                ["a pod of the node at the registry pod's address"] = true,
                ["a pod of another node at the node's address"] = false,
                ["a pod of another node at the registry pod's address"] = true,
                ["another node at the node's address"] = false,
                ["another machine at the node's address"] = false,
            },
            reached);
    }
}
