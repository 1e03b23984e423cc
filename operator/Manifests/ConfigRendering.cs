using System.Text.Json;
using System.Text.Json.Nodes;
using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Manifests;

/// <summary>Turns <c>spec.config</c> into the <c>config.yml</c> of the nodes: what the user wrote, with the addresses and the access that the resource says.</summary>
internal static class ConfigRendering
{
    private const string Loopback = "127.0.0.1";

    public static string Render(JsonElement config, NodeNetwork network, int port, int debugPort, AccessMode access)
    {
        JsonObject root = JsonObject.Create(config)!.DeepClone().AsObject();
        // On the pod's own network nobody else is on the interface, and the kubelet's probes come in on the pod's address.
        string host = network == NodeNetwork.Host ? Loopback : "";
        if (Child(root, "http") is { } http)
        {
            http["addr"] = $"{host}:{port}";
            if (Child(http, "debug") is { } debug)
            {
                debug["addr"] = $"{host}:{debugPort}";
            }
        }

        if (Child(root, "storage") is { } storage && Child(storage, "maintenance") is { } maintenance && Child(maintenance, "readonly") is { } readOnly)
        {
            readOnly["enabled"] = access == AccessMode.ReadOnly;
        }

        return ConfigYaml.Write(JsonSerializer.SerializeToElement(root));
    }

    // A section that is no mapping is left as it is: the reader refuses it, and says where it stands.
    private static JsonObject? Child(JsonObject parent, string key)
    {
        if (parent[key] is null)
        {
            parent[key] = new JsonObject();
        }

        return parent[key] as JsonObject;
    }
}
