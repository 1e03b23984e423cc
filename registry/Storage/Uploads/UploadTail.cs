using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>The last bytes of an upload that are too few for a part, in the store until a request goes on with them.</summary>
/// <param name="store">The store.</param>
/// <param name="key">Where they lie.</param>
/// <param name="length">How many they are.</param>
internal sealed class UploadTail(IObjectStore store, string key, int length)
{
    public int Length => length;

    /// <summary>Reads them.</summary>
    /// <param name="destination">Has exactly their length.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StoreException">With <see cref="StoreFailure.Missing"/> if another process has gone on with the upload meanwhile.</exception>
    public async Task ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        await using ObjectContent? content = await store.OpenAsync(key, 0, null, cancellationToken);
        if (content is null || content.Size != length)
        {
            throw new StoreException(StoreFailure.Missing, $"{key} is not there as it was", new FileNotFoundException(key));
        }

        await content.ReadAsync(destination, key, cancellationToken);
    }
}
