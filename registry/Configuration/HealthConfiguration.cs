namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>health</c> section.</summary>
public sealed record HealthConfiguration
{
    /// <summary>How often a check runs that says nothing of it.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(10);

    /// <summary>Whether the storage driver is asked at intervals (<c>health.storagedriver.enabled</c>).</summary>
    public bool StorageDriver { get; init; }

    /// <summary>How often (<c>health.storagedriver.interval</c>).</summary>
    public TimeSpan Interval { get; init; } = DefaultInterval;

    /// <summary>Failures in a row that make the registry unhealthy (<c>health.storagedriver.threshold</c>).</summary>
    public int Threshold { get; init; } = 1;

    /// <summary>Files that make the registry unhealthy while they are there (<c>health.file</c>).</summary>
    public IReadOnlyList<FileHealthCheck> Files { get; init; } = [];

    /// <summary>URLs that have to answer (<c>health.http</c>).</summary>
    public IReadOnlyList<HttpHealthCheck> Http { get; init; } = [];

    /// <summary>Addresses that have to take connections (<c>health.tcp</c>).</summary>
    public IReadOnlyList<TcpHealthCheck> Tcp { get; init; } = [];
}
