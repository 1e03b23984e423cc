using System.Text.Json.Serialization;

namespace LocalRegistry.Operator.Api;

/// <summary>What a failed check does (<c>spec.validation.mode</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ValidationMode>))]
public enum ValidationMode
{
    /// <summary>Nothing rolls out before every check has passed.</summary>
    Enforce,

    /// <summary>Rolls out all the same, as long as the configuration can be read, and keeps telling what failed.</summary>
    Warn,
}
