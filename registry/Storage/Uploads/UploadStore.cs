using System.Collections.Concurrent;
using System.IO.Pipelines;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>
/// The uploads that are open on this process. An upload that nobody works on is dropped after a while, or sooner if room is needed:
/// its client begins again, as after any other failure.
/// </summary>
internal sealed partial class UploadStore(IObjectStore store, BlobStore blobs, PartBuffers buffers, TimeProvider time, ILogger<UploadStore> logger)
    : IAsyncDisposable
{
    /// <summary>How many may be open at once.</summary>
    public const int MaximumOpen = 64;

    /// <summary>How long one may lie idle.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, UploadSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>How many are open.</summary>
    public int Open => _sessions.Count;

    /// <summary>Opens an upload; null if too many are being worked on.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="algorithm">The algorithm of the digest that will come, if the client has told it.</param>
    public async Task<UploadSession?> BeginAsync(RepositoryName name, DigestAlgorithm? algorithm)
    {
        if (_sessions.Count >= MaximumOpen && !await DropLongestIdleAsync(_ => true))
        {
            return null;
        }

        var session = new UploadSession(Guid.NewGuid().ToString(), name, algorithm) { LastUsed = time.GetTimestamp() };
        _sessions[session.Id] = session;
        return session;
    }

    /// <summary>An open upload of a repository; null if there is none by this id.</summary>
    public UploadSession? Find(RepositoryName name, string id) =>
        _sessions.TryGetValue(id, out UploadSession? session) && session.Name == name ? session : null;

    /// <summary>Takes a body into an upload that the caller has entered. If the store fails the upload is dropped.</summary>
    public async Task AppendAsync(UploadSession session, PipeReader body, Digest? expected, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                await session.AppendAsync(body, expected, digest => CreateWriter(session, digest), cancellationToken);
            }
            catch (Exception e) when (e is not StoreException)
            {
                // The client has gone, and may come back: buffers are for those who are here.
                await RestAsync(session);
                throw;
            }

            if (expected is null)
            {
                await RestAsync(session);
            }
        }
        catch (StoreException)
        {
            await CancelAsync(session);
            throw;
        }
    }

    /// <summary>Closes an upload that the caller has entered: its content becomes a blob of its repository.</summary>
    /// <returns>False if the content does not have that digest; nothing is kept then.</returns>
    public async Task<bool> CommitAsync(UploadSession session, Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            if (!await StoreAsync(session, digest, cancellationToken))
            {
                return false;
            }

            await blobs.LinkAsync(session.Name, digest, cancellationToken);
            return true;
        }
        finally
        {
            await CancelAsync(session);
        }
    }

    /// <summary>Drops an upload and what it wrote. If the store fails meanwhile, parts stay there until the bucket's lifecycle takes them.</summary>
    public async Task CancelAsync(UploadSession session)
    {
        if (!_sessions.TryRemove(session.Id, out _))
        {
            return;
        }

        try
        {
            await session.DisposeAsync();
        }
        catch (StoreException e)
        {
            LogNotTakenBack(e, session.Id, session.Name.Value);
        }
    }

    /// <summary>Drops the uploads that have lain idle too long.</summary>
    public async Task DropIdleAsync()
    {
        foreach (UploadSession session in _sessions.Values)
        {
            if (time.GetElapsedTime(session.LastUsed) > IdleTimeout && session.TryEnter())
            {
                await CancelAsync(session);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (UploadSession session in _sessions.Values)
        {
            await CancelAsync(session);
        }
    }

    // What rests in memory is bounded as the buffers are: those who have been away longest make room.
    private async Task RestAsync(UploadSession session)
    {
        if (session.Writer is not { } writer)
        {
            return;
        }

        await writer.RestAsync(CancellationToken.None);
        while (_sessions.Values.Sum(s => (long)(s.Writer?.Resting ?? 0)) > buffers.Total && await DropLongestIdleAsync(s => s.Writer?.Resting > 0))
        {
        }
    }

    private ContentWriter CreateWriter(UploadSession session, Digest? expected) =>
        new(store, buffers, expected is { } digest ? KeyLayout.BlobData(digest) : KeyLayout.UploadData(session.Name, session.Id));

    private async Task<bool> StoreAsync(UploadSession session, Digest digest, CancellationToken cancellationToken)
    {
        string key = KeyLayout.BlobData(digest);
        if (session.Writer is null || session.Writer.IsInMemory)
        {
            ReadOnlyMemory<byte> content = session.Writer?.Held ?? ReadOnlyMemory<byte>.Empty;
            if ((digest.Algorithm == session.Algorithm ? session.CurrentDigest() : Digest.Of(digest.Algorithm, content.Span)) != digest)
            {
                return false;
            }

            await store.WriteAsync(key, content, onlyIfAbsent: true, cancellationToken);
            return true;
        }

        if (digest.Algorithm == session.Algorithm && session.CurrentDigest() != digest)
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
            return true;
        }

        return await MoveAsync(session, digest, cancellationToken);
    }

    // The digest came only at the end, so the parts lie under the upload's own key.
    private async Task<bool> MoveAsync(UploadSession session, Digest digest, CancellationToken cancellationToken)
    {
        string source = KeyLayout.UploadData(session.Name, session.Id);
        string destination = KeyLayout.BlobData(digest);
        await session.Writer!.CompleteAsync(onlyIfAbsent: false, cancellationToken);
        try
        {
            if (digest.Algorithm != session.Algorithm && await HashAsync(source, digest.Algorithm, cancellationToken) != digest)
            {
                return false;
            }

            if (await store.StatAsync(destination, cancellationToken) is null)
            {
                await store.CopyAsync(source, destination, cancellationToken);
            }

            return true;
        }
        finally
        {
            await store.DeleteAsync(source, CancellationToken.None);
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
        while ((read = await content.Stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Digest.FromHash(algorithm, hash.GetHashAndReset());
    }

    private async Task<bool> DropLongestIdleAsync(Func<UploadSession, bool> makesRoom)
    {
        foreach (UploadSession session in _sessions.Values.Where(makesRoom).OrderBy(s => s.LastUsed))
        {
            if (session.TryEnter())
            {
                await CancelAsync(session);
                return true;
            }
        }

        return false;
    }
}
