using System.Text.Json.Serialization;
using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Manifests;

/// <summary>
/// Everything that the objects on the nodes follow from. The plan that passed last is kept in a ControllerRevision, so that it can go on being
/// applied when a newer generation does not pass, also by another operator.
/// </summary>
internal sealed record RolloutPlan
{
    /// <summary>The generation of the resource that it was made from.</summary>
    public required long Generation { get; init; }

    /// <summary>The registry's image.</summary>
    public required RegistryImage Image { get; init; }

    /// <summary>The port that the registry serves on.</summary>
    public required int Port { get; init; }

    /// <summary>The port that health is answered on.</summary>
    public required int DebugPort { get; init; }

    /// <summary>The rendered <c>config.yml</c>.</summary>
    public required string Config { get; init; }

    /// <summary>What the user asked for.</summary>
    public required LocalRegistrySpec Spec { get; init; }

    /// <summary>Names the configuration.</summary>
    [JsonIgnore]
    public string ConfigHash => ContentHash.Of(Config);
}
