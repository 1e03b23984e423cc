using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror;

/// <summary>An image host that the registry stands in for, and where its repositories lie.</summary>
/// <param name="Host">The host, as an image's name has it.</param>
/// <param name="Entry">The entry of <c>mirrors.yml</c> that it comes from: the host itself or the wildcard.</param>
/// <param name="Prefix">What the names of its repositories begin with in the bucket, without a slash at the end; empty for nothing.</param>
internal sealed record MirroredHost(ImageHost Host, ImageHost Entry, string Prefix)
{
    private const char PortMark = '_';

    /// <summary>
    /// A host as a component of a name, in which a colon cannot stand: <c>registry.example.com_5000</c>. No host has an underscore, so two hosts never
    /// become one.
    /// </summary>
    public static string ComponentOf(ImageHost host) => host.Value.Replace(':', PortMark);

    /// <summary>Reads a host that may be written as a component of a name.</summary>
    public static bool TryParseComponent(ReadOnlySpan<char> component, out ImageHost host)
    {
        int mark = component.LastIndexOf(PortMark);
        return ImageHost.TryParse(mark < 0 ? component.ToString() : $"{component[..mark]}:{component[(mark + 1)..]}", out host);
    }
}
