using Tomlyn.Model;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>The keys of <c>registries.conf</c>, version 2 of its format.</summary>
/// <remarks>containers-registries.conf(5).</remarks>
internal static class RegistriesKeys
{
    public const string Registry = "registry";
    public const string Prefix = "prefix";
    public const string Location = "location";
    public const string Insecure = "insecure";
    public const string Blocked = "blocked";
    public const string Mirror = "mirror";
    public const string MirrorByDigestOnly = "mirror-by-digest-only";
    public const string PullFromMirror = "pull-from-mirror";

    /// <summary>The value of <see cref="PullFromMirror"/> of a mirror that is asked for digests alone.</summary>
    public const string DigestOnly = "digest-only";

    /// <summary>The table of the first version of the format.</summary>
    public const string OldRegistries = "registries";

    /// <summary>The tables under a key, written as <c>[[key]]</c> or as inline tables.</summary>
    public static IEnumerable<TomlTable> Tables(TomlTable table, string key) => Toml.Value(table, key) switch
    {
        TomlTableArray tables => tables,
        TomlArray values => values.OfType<TomlTable>(),
        _ => [],
    };
}
