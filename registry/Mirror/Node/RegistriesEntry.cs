using System.Globalization;
using Tomlyn.Model;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>One <c>[[registry]]</c> of a <c>registries.conf</c>: where the images below a prefix come from.</summary>
/// <param name="Prefix">What the images' names begin with: a host, a host and a part of a path, or <c>*.</c> and a domain.</param>
/// <param name="Location">Where they are if no mirror has them; empty for the prefix itself.</param>
/// <param name="Settings">All that is said of them, by its key.</param>
internal sealed record RegistriesEntry(string Prefix, string Location, TomlTable Settings)
{
    private const string AnySubdomain = "*.";

    /// <summary>Whether the location is asked without TLS, or without regard to its certificate.</summary>
    public bool IsInsecure => Flag(RegistriesKeys.Insecure);

    /// <summary>Whether nothing of it may be pulled.</summary>
    public bool IsBlocked => Flag(RegistriesKeys.Blocked);

    /// <summary>Whether its mirrors are asked for digests alone.</summary>
    public bool HasMirrorsForDigestsOnly => Flag(RegistriesKeys.MirrorByDigestOnly);

    /// <summary>Its mirrors, in their order.</summary>
    public IEnumerable<TomlTable> Mirrors => RegistriesKeys.Tables(Settings, RegistriesKeys.Mirror);

    /// <summary>Whether it is for all images of a host that has no entry of its own, since the host is of its domain.</summary>
    public bool IsForDomainOf(string host) => Prefix.StartsWith(AnySubdomain, StringComparison.Ordinal) && NameOf(host).EndsWith(Prefix[1..], StringComparison.Ordinal);

    /// <summary>Whether it is for a part of a host's images.</summary>
    public bool IsBelow(string host) => Prefix.StartsWith(host + "/", StringComparison.Ordinal);

    /// <summary>Whether two entries cannot stand in one file: they are of one location, and do not say the same of it.</summary>
    public bool Contradicts(RegistriesEntry other) =>
        Location.Length > 0 && Location == other.Location && (IsInsecure != other.IsInsecure || IsBlocked != other.IsBlocked);

    /// <summary>The same without a word of where images come from.</summary>
    public RegistriesEntry WithoutSources()
    {
        var settings = new TomlTable();
        foreach ((string key, object value) in Settings.Where(s => s.Key is not (RegistriesKeys.Location or RegistriesKeys.Mirror or RegistriesKeys.Insecure)))
        {
            settings[key] = value;
        }

        return this with { Location = "", Settings = settings };
    }

    private bool Flag(string key) => Toml.Value(Settings, key) is true;

    private static string NameOf(string host) => host.Split(':')[0].ToLower(CultureInfo.InvariantCulture);
}
