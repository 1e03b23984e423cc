using System.Diagnostics.CodeAnalysis;

namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>The host of an image's name, such as <c>registry.example.com:5000</c>, or <c>*</c> for every host that has no entry of its own.</summary>
/// <param name="Value">The host in lower case, with its port if it has one.</param>
public readonly record struct ImageHost(string Value)
{
    /// <summary>Docker Hub, under the one of its names that images have.</summary>
    public static readonly ImageHost DockerHub = new("docker.io");

    /// <summary>The other names of <see cref="DockerHub"/>, under which its registry answers.</summary>
    public static readonly IReadOnlyList<string> DockerHubAliases = ["index.docker.io", "registry-1.docker.io"];

    /// <summary>Every host that has no entry of its own.</summary>
    public static readonly ImageHost Wildcard = new("*");

    private const int LongestName = 253;
    private const int LongestLabel = 63;

    /// <summary>Whether this is <see cref="Wildcard"/>.</summary>
    public bool IsWildcard => Value == Wildcard.Value;

    /// <summary>
    /// Reads a host by the grammar of image references: labels of letters, digits and dashes joined by dots, with a port or without. A text without
    /// a dot and without a port is a host only if it is <c>localhost</c>, since in an image's name it would be a repository. The other names of
    /// Docker Hub are read as <see cref="DockerHub"/>.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ImageHost host)
    {
        host = default;
        if (text == Wildcard.Value)
        {
            host = Wildcard;
            return true;
        }

        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        ReadOnlySpan<char> name = colon < 0 ? text : text.AsSpan(0, colon);
        if (colon >= 0 && !IsPort(text.AsSpan(colon + 1)))
        {
            return false;
        }

        if (name.Length > LongestName || (colon < 0 && !name.Contains('.') && !name.Equals("localhost", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        foreach (Range label in name.Split('.'))
        {
            if (!IsLabel(name[label]))
            {
                return false;
            }
        }

        string lower = text.ToLowerInvariant();
        host = DockerHubAliases.Contains(lower) ? DockerHub : new ImageHost(lower);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    // A zero in front would be a second spelling of the same host.
    private static bool IsPort(ReadOnlySpan<char> text) =>
        WholeNumber.TryParse(text, ushort.MaxValue, out int port) && port > 0 && text[0] != '0';

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.IsEmpty || label.Length > LongestLabel || label[0] == '-' || label[^1] == '-')
        {
            return false;
        }

        foreach (char c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
