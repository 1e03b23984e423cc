using System.Text.Json.Serialization;

namespace LocalRegistry.Operator.Api;

/// <summary>What the nodes may do with their registry (<c>spec.access</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AccessMode>))]
public enum AccessMode
{
    /// <summary>Nodes pull; writes are refused.</summary>
    ReadOnly,

    /// <summary>Nodes pull and push.</summary>
    ReadWrite,
}
