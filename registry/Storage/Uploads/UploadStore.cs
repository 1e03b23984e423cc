using System.Collections.Concurrent;
using System.IO.Pipelines;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>
/// The uploads that are open on this process. An upload that nobody works on is dropped after a while, or sooner if room is needed:
/// its client begins again, as after any other failure. Uploads that are shared with other processes are here only while a request works on them.
/// </summary>
/// <param name="store">Where blobs go.</param>
/// <param name="blobs">Makes them readable.</param>
/// <param name="buffers">Where parts are gathered.</param>
/// <param name="time">Says how long an upload has been idle.</param>
/// <param name="logger">Takes what goes wrong without anybody to tell it to.</param>
/// <param name="shared">Keeps uploads between requests where other processes find them; null if they stay in this one.</param>
/// <param name="maximumSize">The most bytes that a blob may have (<c>http.maxuploadsize</c>).</param>
internal sealed partial class UploadStore(
    IObjectStore store,
    BlobStore blobs,
    PartBuffers buffers,
    TimeProvider time,
    ILogger<UploadStore> logger,
    SharedUploads? shared = null,
    long maximumSize = long.MaxValue)
    : IAsyncDisposable
{
    /// <summary>How many may be open at once.</summary>
    public const int MaximumOpen = 64;

    /// <summary>How long one may lie idle.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(15);

    private readonly UploadClosing _closing = new(store);
    private readonly ConcurrentDictionary<string, UploadSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>The most bytes that a blob may have.</summary>
    public long MaximumSize => maximumSize;

    /// <summary>Whether uploads are shared with other processes, which go by what a URL says.</summary>
    public bool IsShared => shared is not null;

    /// <summary>How many are open on this process.</summary>
    public int Open => _sessions.Count;

    /// <summary>Opens an upload that other requests go on with; null if too many are being worked on.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="algorithm">The algorithm of the digest that will come, if the client has told it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<UploadSession?> BeginAsync(RepositoryName name, DigestAlgorithm? algorithm, CancellationToken cancellationToken)
    {
        if (shared is null)
        {
            return await BeginHereAsync(name, algorithm);
        }

        string id = Guid.NewGuid().ToString();
        return shared.Resume(name, id, await shared.BeginAsync(name, id, algorithm, cancellationToken), buffers);
    }

    /// <summary>Opens an upload that lies in this process; null if too many are being worked on.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="algorithm">The algorithm of the digest that will come, if the client has told it.</param>
    public async Task<UploadSession?> BeginHereAsync(RepositoryName name, DigestAlgorithm? algorithm)
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
    public async Task<UploadSession?> FindAsync(RepositoryName name, string id, CancellationToken cancellationToken)
    {
        if (FindHere(name, id) is { } here)
        {
            return here;
        }

        return shared is not null && await shared.LoadAsync(name, id, cancellationToken) is { } saved ? shared.Resume(name, id, saved, buffers) : null;
    }

    /// <summary>An upload of a repository that lies in this process or is being worked on here; null if there is none by this id.</summary>
    public UploadSession? FindHere(RepositoryName name, string id) =>
        _sessions.TryGetValue(id, out UploadSession? session) && session.Name == name ? session : null;

    /// <summary>Claims an upload for a request.</summary>
    /// <returns>False if another request is working on it, or if it has ended.</returns>
    public bool TryEnter(UploadSession session)
    {
        if (!session.TryEnter())
        {
            return false;
        }

        if (session.Saved is null)
        {
            return true;
        }

        if (!_sessions.TryAdd(session.Id, session))
        {
            return false;
        }

        shared!.GiveHash(session);
        return true;
    }

    /// <summary>Whether as many shared uploads are being worked on as may be.</summary>
    public bool IsFull => IsShared && _sessions.Count >= MaximumOpen;

    /// <summary>Lets go of an upload that was entered.</summary>
    public async Task LeaveAsync(UploadSession session)
    {
        if (session.IsClaimed)
        {
            // No other request can go on with it.
            await CancelAsync(session);
        }
        else if (session.Saved is not null && _sessions.TryRemove(KeyValuePair.Create(session.Id, session)))
        {
            shared!.TakeHashBack(session);
            await EndAsync(session);
        }

        session.LastUsed = time.GetTimestamp();
        session.Leave();
    }

    /// <summary>
    /// Takes a body into an upload that the caller has entered. If the store fails the upload is dropped, unless it lies there as it was before.
    /// </summary>
    /// <param name="session">The upload.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="length">How many they are; null if the client has not told.</param>
    /// <param name="expected">The digest of the whole, if the client has told it.</param>
    /// <param name="cancellationToken">Ends the taking; what was taken stays.</param>
    public async Task<AppendOutcome> AppendAsync(UploadSession session, PipeReader body, long? length, Digest? expected, CancellationToken cancellationToken)
    {
        try
        {
            AppendOutcome outcome;
            try
            {
                outcome = await session.AppendAsync(
                    body, length, expected, maximumSize, digest => CreateWriter(session, digest), () => ParkAsync(session), cancellationToken);
            }
            catch (Exception e) when (e is not StoreException)
            {
                // The client has gone, and may come back: buffers are for those who are here.
                await RestAsync(session);
                throw;
            }

            if (outcome != AppendOutcome.Taken)
            {
                return await CancelAsync(session) ? outcome : AppendOutcome.Overtaken;
            }

            if (!await (expected is null ? RestAsync(session) : ClaimAsync(session)))
            {
                _sessions.TryRemove(KeyValuePair.Create(session.Id, session));
                await EndAsync(session);
                outcome = AppendOutcome.Overtaken;
            }

            return outcome;
        }
        catch (StoreException e) when (session.Saved is null || e.Kind == StoreFailure.Missing)
        {
            // What is missing may have been taken away by a request that was first; what that has made of the upload is not this one's.
            if (!await CancelAsync(session))
            {
                return AppendOutcome.Overtaken;
            }

            throw;
        }
    }

    /// <summary>Closes an upload that the caller has entered: its content becomes a blob of its repository.</summary>
    /// <returns>False if the content does not have that digest; nothing is kept then.</returns>
    public async Task<bool> CommitAsync(UploadSession session, Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await _closing.StoreAsync(session, digest, () => blobs.LinkAsync(session.Name, digest, session.Offset, cancellationToken), cancellationToken);
        }
        finally
        {
            await CancelAsync(session);
        }
    }

    /// <summary>
    /// Drops an upload and what it wrote. If the store fails meanwhile, parts stay there until they are purged or the bucket's lifecycle takes them.
    /// </summary>
    /// <returns>False if another process has gone on with the upload, or closes it: it is that one's then, and stays.</returns>
    public async Task<bool> CancelAsync(UploadSession session)
    {
        if (!_sessions.TryRemove(KeyValuePair.Create(session.Id, session)))
        {
            return true;
        }

        bool isOwn;
        try
        {
            isOwn = session.IsClaimed || await ClaimAsync(session);
        }
        catch (StoreException)
        {
            await EndAsync(session);
            throw;
        }

        if (isOwn && session.Writer is { } writer)
        {
            writer.LeavesParts = false;
        }

        await EndAsync(session);
        if (session.Saved is null || !isOwn)
        {
            return isOwn;
        }

        try
        {
            await shared!.RemoveAsync(session.Name, session.Id);
        }
        catch (StoreException e)
        {
            LogNotTakenBack(e, session.Id, session.Name.Value);
        }

        return true;
    }

    /// <summary>Drops the uploads that have lain idle too long; of shared ones, what this process remembers.</summary>
    public async Task DropIdleAsync()
    {
        shared?.DropIdle(IdleTimeout);
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
            if (session.Saved is null)
            {
                await CancelAsync(session);
            }
            else
            {
                await EndAsync(session);
            }
        }

        shared?.Dispose();
    }

    /// <summary>Brings what an upload has taken to rest until the next request.</summary>
    /// <returns>False if another process has gone on with the upload meanwhile.</returns>
    private async Task<bool> RestAsync(UploadSession session)
    {
        if (session.Saved is null)
        {
            await ParkAsync(session);
            return true;
        }

        // What lies under the key of a blob was promised to have its digest, which only this request can keep.
        return session.Offset == session.Saved.State.Offset || session.FinalDigest is not null || await shared!.SaveAsync(session);
    }

    private Task<bool> ClaimAsync(UploadSession session) => session.Saved is null ? Task.FromResult(true) : shared!.ClaimAsync(session);

    /// <summary>Gives an upload's buffer back. What rests in memory is bounded too: those who have been away longest make room.</summary>
    /// <returns>Whether there is room enough.</returns>
    private async Task<bool> ParkAsync(UploadSession session)
    {
        if (session.Writer is not { } writer)
        {
            return true;
        }

        writer.Rest();
        while (_sessions.Values.Sum(s => (long)(s.Writer?.Resting ?? 0)) > buffers.MaximumResting)
        {
            if (!await DropLongestIdleAsync(s => s.Writer?.Resting > 0))
            {
                return false;
            }
        }

        return true;
    }

    private async Task EndAsync(UploadSession session)
    {
        try
        {
            await session.DisposeAsync();
        }
        catch (StoreException e)
        {
            LogNotTakenBack(e, session.Id, session.Name.Value);
        }
    }

    private ContentWriter CreateWriter(UploadSession session, Digest? expected) => new(store, buffers, expected is { } digest ? KeyLayout.BlobData(digest)
        : session.Saved is null ? KeyLayout.UploadData(session.Name, session.Id)
        : KeyLayout.UploadData(session.Name, session.Id, session.Data));

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
