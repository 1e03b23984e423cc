using System.Text.Json.Serialization;

namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>How far a node's runtime is told of the mirrors.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeState>))]
public enum NodeState
{
    /// <summary>Not yet: something is waited for that will come.</summary>
    Waiting,

    /// <summary>Of all of them.</summary>
    Configured,

    /// <summary>Not of all of them, for a reason that somebody has to see to.</summary>
    Blocked,

    /// <summary>Of none: the node is as it was before.</summary>
    Restored,
}
