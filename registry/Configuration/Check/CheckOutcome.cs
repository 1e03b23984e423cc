using System.Text.Json.Serialization;

namespace LocalRegistry.Registry.Configuration.Check;

/// <summary>How one check of <c>registry check</c> ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckOutcome>))]
public enum CheckOutcome
{
    /// <summary>The call was made and answered as the registry needs it.</summary>
    Passed,

    /// <summary>The call was made and shows that the registry would not work.</summary>
    Failed,

    /// <summary>The call could not be made or gave no answer that decides.</summary>
    Unknown,

    /// <summary>The configuration does not need this call, or there is nothing to make it on.</summary>
    Skipped,
}
