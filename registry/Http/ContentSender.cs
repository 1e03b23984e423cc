using System.Security.Cryptography;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Http;

/// <summary>Sends content to a client without holding more of it than one buffer.</summary>
internal static class ContentSender
{
    // 128 KiB moved the most bytes a second of 16 KiB to 256 KiB, with the least processor time.
    private const int BufferSize = 128 * 1024;

    /// <summary>Copies a stream to the response.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="digest">What they must have the digest of: without it, nobody ever gets the last of them. Null for a part of something.</param>
    /// <param name="context">The request.</param>
    /// <exception cref="StoreException">The store failed; the response is cut, since its length can no longer be kept.</exception>
    /// <exception cref="CorruptContentException">They have another digest.</exception>
    public static async Task CopyAsync(Stream source, long length, Digest? digest, HttpContext context)
    {
        using IncrementalHash? hash = digest?.Algorithm.Begin();
        if (length == 0 && hash is not null)
        {
            Verify(digest!.Value, hash);
        }

        for (long left = length; left > 0;)
        {
            Memory<byte> memory = context.Response.BodyWriter.GetMemory(BufferSize);
            int read = await ReadAsync(source, memory, context.RequestAborted);
            hash?.AppendData(memory.Span[..read]);
            left -= read;
            if (left == 0 && hash is not null)
            {
                Verify(digest!.Value, hash);
            }

            context.Response.BodyWriter.Advance(read);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    private static async ValueTask<int> ReadAsync(Stream source, Memory<byte> memory, CancellationToken aborted)
    {
        try
        {
            return await source.ReadAsync(memory, aborted) is > 0 and var read ? read : throw new EndOfStreamException("the object is shorter than was promised");
        }
        catch (IOException e)
        {
            throw new StoreException(StoreFailure.Unavailable, "the store stopped in the middle of an object", e);
        }
    }

    private static void Verify(Digest digest, IncrementalHash hash)
    {
        if (Digest.FromHash(digest.Algorithm, hash.GetHashAndReset()) != digest)
        {
            throw new CorruptContentException($"{KeyLayout.BlobData(digest)} does not have the digest of its name");
        }
    }
}
