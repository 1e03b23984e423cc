namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>Why a node's runtime is told of the mirrors, or is not. Programs may rely on them.</summary>
public static class NodeReasons
{
    /// <summary>The runtime is told of every mirror.</summary>
    public const string Configured = "Configured";

    /// <summary>Everything is as it was found.</summary>
    public const string Restored = "Restored";

    /// <summary>The node's registry does not answer for the mirrored hosts yet; a mirror that does not answer is not configured.</summary>
    public const string WaitingForRegistry = "WaitingForRegistry";

    /// <summary>The files are not what they should be, and are about to be written.</summary>
    public const string NotWritten = "NotWritten";

    /// <summary>The runtime's configuration cannot be read.</summary>
    public const string NoRuntimeConfiguration = "NoRuntimeConfiguration";

    /// <summary>containerd's configuration names no <c>config_path</c>: it reads no hosts.toml.</summary>
    public const string NoConfigPath = "NoConfigPath";

    /// <summary>containerd's <c>config_path</c> is not the folder that is written to.</summary>
    public const string OtherConfigPath = "OtherConfigPath";

    /// <summary>containerd's <c>config_path</c> is a list, and its settings have it take the list for one folder.</summary>
    public const string ConfigPathListIgnored = "ConfigPathListIgnored";

    /// <summary>containerd's configuration has mirrors of the old kind (<c>registry.mirrors</c>), which exclude hosts.toml.</summary>
    public const string LegacyMirrors = "LegacyMirrors";

    /// <summary>A symbolic link stands where a file or folder of the host belongs; it is not followed.</summary>
    public const string SymbolicLink = "SymbolicLink";

    /// <summary>What was there before cannot be read, so that it cannot be kept.</summary>
    public const string UnreadableExisting = "UnreadableExisting";

    /// <summary>Another LocalRegistry stands in for the same host on this node.</summary>
    public const string OtherOwner = "OtherOwner";

    /// <summary>The folder cannot be written to.</summary>
    public const string NotWritable = "NotWritable";

    /// <summary>The runtime has no wildcard for hosts.</summary>
    public const string WildcardUnsupported = "WildcardUnsupported";

    /// <summary>A file that the runtime reads after ours says something else of the host.</summary>
    public const string Overridden = "Overridden";

    /// <summary>The wildcard would hide what a later folder of containerd has of hosts, so that it is not configured.</summary>
    public const string HiddenExisting = "HiddenExisting";

    /// <summary>The node could not be looked at for a reason that nobody thought of; it is tried again.</summary>
    public const string Failed = "Failed";
}
