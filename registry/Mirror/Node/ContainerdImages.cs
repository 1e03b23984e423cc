using Tomlyn.Model;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>The settings of containerd's image service (CRI), as far as mirrors depend on them, from one or more of its configuration files.</summary>
/// <remarks>
/// Version 1 and 2 have them in the table of the CRI plugin, version 3 and 4 in one of their own; as containerd 2.4 migrates them in
/// plugins/cri/images/plugin.go. Files that are imported lay themselves over the file that imports them, value by value.
/// </remarks>
internal sealed class ContainerdImages
{
    private const string Images = "io.containerd.cri.v1.images";
    private const string Cri = "io.containerd.grpc.v1.cri";
    private const string OldestCri = "cri";
    private const long TableOfItsOwnVersion = 3;
    private const long DefaultConcurrentDownloads = 3;

    private long _newest;
    private string? _replacing;

    /// <summary>The value of <c>config_path</c>; empty if there is none.</summary>
    public string ConfigPath { get; private set; } = "";

    /// <summary>Whether there are mirrors of the old kind.</summary>
    public bool HasMirrors { get; private set; }

    /// <summary>Whether a setting has images pulled as they were before containerd 2.1, which knows lists of folders.</summary>
    public bool PullsLocally { get; private set; }

    /// <summary>Whether the file can only be one of containerd 2.1 or later.</summary>
    public bool IsAtLeast21 { get; private set; }

    /// <summary>Whether the file can only be one of containerd 2.3 or later.</summary>
    public bool IsAtLeast23 { get; private set; }

    /// <summary>Whether <c>config_path</c> stands in the table of version 2 in a file of version 3, which containerd up to 2.2 does not read.</summary>
    public bool IsInOldTable { get; private set; }

    /// <summary>
    /// The imported file that has the plugin's table without <c>config_path</c>, while a file before it has it; null if there is none.
    /// containerd 1.x, which reads versions 1 and 2 alone, takes the later table in the place of the whole earlier one.
    /// </summary>
    public string? Replacing => _newest < TableOfItsOwnVersion ? _replacing : null;

    /// <summary>Lays a file's settings over those that are there.</summary>
    /// <param name="file">What it says.</param>
    /// <param name="path">Where it is.</param>
    public void Add(TomlTable file, string path)
    {
        long version = Toml.Value(file, "version") is long number ? number : 1;
        TomlTable? plugins = Toml.Table(file, "plugins");
        TomlTable? images = Toml.Table(plugins, Images);
        TomlTable? cri = Toml.Table(plugins, version > 1 ? Cri : OldestCri);
        IsAtLeast23 |= version > TableOfItsOwnVersion;
        IsAtLeast21 |= IsAtLeast23 || images?.ContainsKey("use_local_image_pull") == true || images?.ContainsKey("concurrent_layer_fetch_buffer") == true;
        _newest = Math.Max(_newest, version);
        // An imported file need not say of which version it is.
        if ((Toml.Table(plugins, Cri) ?? Toml.Table(plugins, OldestCri)) is { } table)
        {
            _replacing = ConfigPath.Length > 0 && PathOf(table).Length == 0 ? path : null;
        }

        Lay(images);
        if (version > TableOfItsOwnVersion)
        {
            return;
        }

        bool hadPath = ConfigPath.Length > 0;
        Lay(cri);
        Lay(Toml.Table(cri, "containerd"));
        IsInOldTable |= version == TableOfItsOwnVersion && !hadPath && ConfigPath.Length > 0;
    }

    private static string PathOf(TomlTable? settings) => Toml.Value(Toml.Table(settings, "registry"), "config_path") as string ?? "";

    private void Lay(TomlTable? settings)
    {
        TomlTable? registry = Toml.Table(settings, "registry");
        if (PathOf(settings) is { Length: > 0 } path)
        {
            ConfigPath = path;
        }

        HasMirrors |= Toml.Table(registry, "mirrors") is { Count: > 0 };
        PullsLocally |= HasMirrors
            || Toml.Table(registry, "configs") is { Count: > 0 }
            || Toml.Table(registry, "auths") is { Count: > 0 }
            || Toml.Value(settings, "use_local_image_pull") is true
            || Toml.Value(settings, "discard_unpacked_layers") is true
            || Toml.Value(settings, "image_pull_with_sync_fs") is true
            || Toml.Value(settings, "disable_snapshot_annotations") is false
            || Toml.Value(settings, "max_concurrent_downloads") is long and not DefaultConcurrentDownloads;
    }
}
