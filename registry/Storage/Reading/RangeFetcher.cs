using System.Buffers;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>Fetches ranges of an object.</summary>
internal sealed class RangeFetcher(IObjectStore store)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Fetches what a sink wants until it wants no more.</summary>
    /// <exception cref="StoreException">The store failed, or has no such object.</exception>
    public async Task FetchAsync(string key, IRangeSink sink, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await sink.NextAsync(cancellationToken) is { } range)
            {
                await using ObjectContent content = await store.OpenAsync(key, range.First, range.Length, cancellationToken)
                    ?? throw new StoreException(StoreFailure.Missing, $"{key} is not there any more", new FileNotFoundException(key));
                for (long offset = range.First; offset <= range.Last;)
                {
                    int count = (int)Math.Min(buffer.Length, range.Last - offset + 1);
                    await content.ReadAsync(buffer.AsMemory(0, count), key, cancellationToken);
                    await sink.WriteAsync(offset, buffer.AsMemory(0, count), cancellationToken);
                    offset += count;
                }

                sink.Complete(range);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
