using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Telemetry;

namespace LocalRegistry.Registry.Hosting;

/// <summary>Makes the object store that a configuration names.</summary>
internal static class StoreFactory
{
    /// <param name="driver">What the configuration says of it.</param>
    /// <param name="metrics">Counts its calls; null for nobody.</param>
    public static IObjectStore Create(StorageDriver driver, RegistryMetrics? metrics = null) => driver switch
    {
        S3Driver s3 => new S3Store(s3, S3ClientFactory.CreateS3(s3, metrics)),
        FileSystemDriver fileSystem => new FileSystemStore(fileSystem.RootDirectory),
        InMemoryDriver => new InMemoryStore(),
        _ => throw Unknown(driver),
    };

    /// <summary>The driver's key in the configuration.</summary>
    public static string NameOf(StorageDriver driver) => driver switch
    {
        S3Driver => "s3",
        FileSystemDriver => "filesystem",
        InMemoryDriver => "inmemory",
        _ => throw Unknown(driver),
    };

    /// <summary>The driver as Docker's registry calls it in metrics.</summary>
    public static string MetricNameOf(StorageDriver driver) => driver is S3Driver ? "s3aws" : NameOf(driver);

    /// <summary>Where a driver's objects lie, for people and to tell one store from another.</summary>
    public static string LocationOf(StorageDriver driver) => driver switch
    {
        S3Driver s3 => $"{s3.RegionEndpoint?.ToString() ?? s3.Region}/{s3.Bucket}/{s3.KeyOf("")}",
        FileSystemDriver fileSystem => fileSystem.RootDirectory,
        _ => NameOf(driver),
    };

    private static ArgumentOutOfRangeException Unknown(StorageDriver driver) => new(nameof(driver), driver.GetType().Name, "no such driver");
}
