namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>storage</c> section.</summary>
public sealed record StorageConfiguration
{
    /// <summary>What <see cref="TagConcurrency"/> is if the configuration leaves the choice to the registry.</summary>
    public const int DefaultTagConcurrency = 8;

    /// <summary>The one driver that is configured.</summary>
    public required StorageDriver Driver { get; init; }

    /// <summary>Blob descriptors kept in memory (<c>storage.cache.blobdescriptorsize</c>); 0 without <c>storage.cache.blobdescriptor</c>.</summary>
    public int DescriptorCacheSize { get; init; }

    /// <summary>Whether writes are refused with 405 (<c>storage.maintenance.readonly.enabled</c>).</summary>
    public bool ReadOnly { get; init; }

    /// <summary>How abandoned uploads are purged (<c>storage.maintenance.uploadpurging</c>); null if they are not.</summary>
    public UploadPurgingConfiguration? UploadPurging { get; init; }

    /// <summary>Whether tags, manifests and blobs may be deleted (<c>storage.delete.enabled</c>); if not, that is refused with 405.</summary>
    public bool DeleteEnabled { get; init; }

    /// <summary>Whether clients that ask for a blob are sent to S3 with a URL that is good for a while (<c>storage.redirect.disable: false</c>).</summary>
    public bool RedirectEnabled { get; init; }

    /// <summary>How many tags are looked at in parallel when a manifest is deleted (<c>storage.tag.concurrencylimit</c>).</summary>
    public int TagConcurrency { get; init; } = DefaultTagConcurrency;
}

/// <summary>A storage driver's parameters.</summary>
public abstract record StorageDriver;

/// <summary>The <c>inmemory</c> driver: content is gone when the process ends.</summary>
public sealed record InMemoryDriver : StorageDriver;

/// <summary>The <c>filesystem</c> driver.</summary>
public sealed record FileSystemDriver : StorageDriver
{
    /// <summary>The folder under which everything lies.</summary>
    public string RootDirectory { get; init; } = "/var/lib/registry";
}
