namespace LocalRegistry.Testbed;

/// <summary>How a <see cref="Containerd"/> is set up.</summary>
public sealed record ContainerdOptions
{
    /// <summary>The version of its configuration's format: 2, or what containerd 2 writes by itself, 3.</summary>
    public int ConfigurationVersion { get; init; } = 2;

    /// <summary>Folders that <c>config_path</c> names after the first, which tests write to.</summary>
    public IReadOnlyList<string> FurtherConfigPaths { get; init; } = [];

    /// <summary>Lines for the settings of CRI's images, such as <c>use_local_image_pull = true</c>.</summary>
    public string ImageSettings { get; init; } = "";

    /// <summary>Further tables of the configuration.</summary>
    public string FurtherTables { get; init; } = "";

    /// <summary>Names of hosts that are this machine.</summary>
    public IReadOnlyList<string> HostsHere { get; init; } = [];

    /// <summary>The certificates of authorities that it trusts, in PEM; empty for none.</summary>
    public string TrustedAuthorities { get; init; } = "";
}
