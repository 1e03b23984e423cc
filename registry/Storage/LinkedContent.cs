using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Asks for content beside the link that says who may have it: nearly always both are there, and it saves a round trip.
/// </summary>
internal static class LinkedContent
{
    /// <summary>Waits for both.</summary>
    /// <param name="linking">The link.</param>
    /// <param name="reading">The content, or what is known of it. It is dropped if there is no link.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreException">The store failed; while it is away, those who know it wait no longer than others do for links.</exception>
    public static async Task<(LinkAnswer Link, T? Content)> GetAsync<T>(Task<LinkAnswer> linking, Task<T?> reading, CancellationToken cancellationToken)
    {
        bool isTaken = false;
        try
        {
            LinkAnswer link = await linking;
            if (!link.Exists)
            {
                return (link, default);
            }

            T? content = link.IsStale ? await reading.WaitAsync(LinkRecords.Patience, cancellationToken) : await reading;
            isTaken = true;
            return (link, content);
        }
        catch (TimeoutException e)
        {
            throw new StoreException(StoreFailure.Unavailable, "the store is away, and the content is not on this node", e);
        }
        finally
        {
            if (!isTaken)
            {
                _ = DropAsync(reading);
            }
        }
    }

    /// <summary>Lets go of something that is not needed after all, once it is there.</summary>
    public static async Task DropAsync<T>(Task<T> reading)
    {
        try
        {
            if (await reading is IAsyncDisposable content)
            {
                await content.DisposeAsync();
            }
        }
        catch (Exception e) when (e is StoreException or CorruptContentException or OperationCanceledException)
        {
            // Whoever asked has been answered without it.
        }
    }
}
