using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>Turns what an upload has taken into the content of a blob, once its digest is known.</summary>
internal sealed class UploadClosing(IObjectStore store)
{
    /// <summary>Makes what a session has taken the content of a blob, and that readable.</summary>
    /// <param name="session">The session.</param>
    /// <param name="digest">The digest that its content must have.</param>
    /// <param name="link">Makes the blob readable; is called once its content lies in the store.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False if it does not have that digest; nothing is visible then.</returns>
    public async Task<bool> StoreAsync(UploadSession session, Digest digest, Func<Task> link, CancellationToken cancellationToken)
    {
        string key = KeyLayout.BlobData(digest);
        if (session.Writer is null || session.Writer.IsInMemory)
        {
            await (session.Writer?.LoadAsync(cancellationToken) ?? Task.CompletedTask);
            ReadOnlyMemory<byte> content = session.Writer?.Held ?? ReadOnlyMemory<byte>.Empty;
            if ((session.CurrentDigest(digest.Algorithm) ?? Digest.Of(digest.Algorithm, content.Span)) != digest)
            {
                return false;
            }

            await store.WriteAsync(key, content, onlyIfAbsent: true, cancellationToken);
            await link();
            return true;
        }

        Digest? known = session.CurrentDigest(digest.Algorithm);
        if (known is not null && known != digest)
        {
            return false;
        }

        if (session.FinalDigest is { } final)
        {
            if (final != digest)
            {
                return false;
            }

            await session.Writer.CompleteAsync(onlyIfAbsent: true, cancellationToken);
            await link();
            return true;
        }

        return await MoveAsync(session, digest, known is not null, link, cancellationToken);
    }

    // The digest came only at the end, so the parts lie under a key of the upload's own.
    private async Task<bool> MoveAsync(UploadSession session, Digest digest, bool isKnown, Func<Task> link, CancellationToken cancellationToken)
    {
        string source = session.Writer!.Key;
        string destination = KeyLayout.BlobData(digest);
        Task linking = Task.CompletedTask;

        // Whether the client stays or not: otherwise nobody would know whether there is an object to delete.
        Task completing = session.Writer.CompleteAsync(onlyIfAbsent: false, CancellationToken.None);
        try
        {
            // Looked for meanwhile: what is there already need not be copied.
            Task<long?> finding = store.StatAsync(destination, cancellationToken);
            await Task.WhenAll(completing, finding);
            if (!isKnown && await HashAsync(source, digest.Algorithm, cancellationToken) != digest)
            {
                return false;
            }

            if (await finding is null)
            {
                await store.CopyAsync(source, destination, session.Offset, cancellationToken);
            }

            linking = link();
            return true;
        }
        finally
        {
            Task deleting = completing.IsCompletedSuccessfully ? store.DeleteAsync(source, CancellationToken.None) : Task.CompletedTask;
            await Task.WhenAll(linking, deleting);
        }
    }

    private async Task<Digest?> HashAsync(string key, DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        await using ObjectContent? content = await store.OpenAsync(key, 0, null, cancellationToken);
        if (content is null)
        {
            return null;
        }

        using var hash = algorithm.Begin();
        byte[] buffer = new byte[128 * 1024];
        int read;
        try
        {
            while ((read = await content.Stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new StoreException(StoreFailure.Unavailable, $"the store cut the reading of {key}", e);
        }

        return Digest.FromHash(algorithm, hash.GetHashAndReset());
    }
}
