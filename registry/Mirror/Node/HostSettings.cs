using Tomlyn.Model;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>What containerd knows of one image host without us.</summary>
internal sealed record HostSettings
{
    /// <summary>The server that is asked last; null for the image's own host.</summary>
    public string? Server { get; init; }

    /// <summary>The settings of that server.</summary>
    public TomlTable ServerSettings { get; init; } = [];

    /// <summary>The mirrors in the order in which they are asked.</summary>
    public IReadOnlyList<(string Url, TomlTable Settings)> Mirrors { get; init; } = [];
}
