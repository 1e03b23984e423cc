using System.Text.Json.Serialization;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Mirrors;

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

    /// <summary>The rendered <c>mirrors.yml</c>; null if the resource asks for no mirrors and for no choice of repositories.</summary>
    public string? Mirrors { get; init; }

    /// <summary>The nodes' container runtime; null if the resource asks for no mirrors.</summary>
    public NodeRuntime? Runtime { get; init; }

    /// <summary>The kind of nodes that <see cref="Runtime"/> is of; null if the resource asks for no mirrors.</summary>
    public NodePlatform? Platform { get; init; }

    /// <summary>What the user asked for.</summary>
    public required LocalRegistrySpec Spec { get; init; }

    /// <summary>Names the configuration.</summary>
    [JsonIgnore]
    public string ConfigHash => ContentHash.Of(Config);

    /// <summary>Names <see cref="Mirrors"/>; null if there are none.</summary>
    [JsonIgnore]
    public string? MirrorsHash => Mirrors is null ? null : ContentHash.Of(Mirrors);
}
