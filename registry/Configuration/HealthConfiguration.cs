namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>health</c> section.</summary>
public sealed record HealthConfiguration
{
    /// <summary>Whether the storage driver is asked at intervals (<c>health.storagedriver.enabled</c>).</summary>
    public bool StorageDriver { get; init; }

    /// <summary>How often (<c>health.storagedriver.interval</c>).</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Failures in a row that make the registry unhealthy (<c>health.storagedriver.threshold</c>).</summary>
    public int Threshold { get; init; } = 1;
}
