using System.Text.Json.Serialization;

namespace LocalRegistry.Operator.Api;

/// <summary>How much depends on a check (<c>spec.validation.checks</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>Nothing new rolls out before it passes.</summary>
    Enforce,

    /// <summary>It is told, and holds nothing up.</summary>
    Warn,

    /// <summary>It is not asked.</summary>
    Off,
}
