using System.Text.Json.Serialization;

namespace LocalRegistry.Operator.Api;

/// <summary>A condition's status, as Kubernetes writes it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConditionStatus>))]
public enum ConditionStatus
{
    /// <summary>Nothing is known yet, or no longer.</summary>
    Unknown,

    /// <summary>The condition holds.</summary>
    True,

    /// <summary>The condition does not hold.</summary>
    False,
}
