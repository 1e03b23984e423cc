using System.Text.Json.Serialization;

namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>What becomes of what a node's runtime knew of a host before.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExistingMirrors>))]
public enum ExistingMirrors
{
    /// <summary>Its other mirrors are asked after the node's registry.</summary>
    Merge,

    /// <summary>They are not asked while the node's registry stands in.</summary>
    Replace,
}
