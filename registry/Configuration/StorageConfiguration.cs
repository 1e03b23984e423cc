namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>storage</c> section.</summary>
public sealed record StorageConfiguration
{
    /// <summary>The one driver that is configured.</summary>
    public required StorageDriver Driver { get; init; }

    /// <summary>Blob descriptors kept in memory (<c>storage.cache.blobdescriptorsize</c>); 0 without <c>storage.cache.blobdescriptor</c>.</summary>
    public int DescriptorCacheSize { get; init; }

    /// <summary>Whether writes are refused with 405 (<c>storage.maintenance.readonly.enabled</c>).</summary>
    public bool ReadOnly { get; init; }
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
