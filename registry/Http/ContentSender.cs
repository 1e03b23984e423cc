using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Http;

/// <summary>Sends content to a client without holding more of it than one buffer.</summary>
internal static class ContentSender
{
    /// <summary>How long the store may keep silent before the transfer is cut: the runtime's own limit is minutes.</summary>
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(10);

    // 128 KiB moved the most bytes a second of 16 KiB to 256 KiB, with the least processor time.
    private const int BufferSize = 128 * 1024;

    /// <summary>Copies a stream to the response.</summary>
    /// <exception cref="StoreException">The store failed or kept silent; the response is cut, since its length can no longer be kept.</exception>
    public static async Task CopyAsync(Stream source, HttpContext context)
    {
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        while (true)
        {
            Memory<byte> memory = context.Response.BodyWriter.GetMemory(BufferSize);
            int read;
            try
            {
                stalled.CancelAfter(StallTimeout);
                read = await source.ReadAsync(memory, stalled.Token);
                stalled.CancelAfter(Timeout.InfiniteTimeSpan);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
            {
                throw new StoreException(StoreFailure.Unavailable, "the store stopped in the middle of an object", e);
            }

            if (read == 0)
            {
                return;
            }

            context.Response.BodyWriter.Advance(read);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }
}
