using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;

namespace LocalRegistry.Registry.Hosting;

/// <summary>Makes the object store that a configuration names.</summary>
internal static class StoreFactory
{
    public static IObjectStore Create(StorageDriver driver) => driver switch
    {
        S3Driver s3 => new S3Store(s3, S3ClientFactory.CreateS3(s3)),
        FileSystemDriver fileSystem => new FileSystemStore(fileSystem.RootDirectory),
        InMemoryDriver => new InMemoryStore(),
        _ => throw new ArgumentOutOfRangeException(nameof(driver), driver.GetType().Name, "no such driver"),
    };
}
