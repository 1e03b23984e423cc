using System.Text.Json.Serialization;

namespace LocalRegistry.Operator.Api;

/// <summary>How the registry is reached on its node (<c>spec.node.network</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeNetwork>))]
public enum NodeNetwork
{
    /// <summary>The node's own network, bound to 127.0.0.1: works before the CNI does, and is out of reach for ordinary pods.</summary>
    Host,

    /// <summary>The pod's network with a host port on 127.0.0.1.</summary>
    HostPort,
}
