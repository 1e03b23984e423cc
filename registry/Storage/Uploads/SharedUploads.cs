using System.Globalization;
using System.Text;
using System.Text.Json;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>
/// Uploads as they lie in the store between two requests, for every process that shares <c>http.secret</c>. Each state is an object of its own that
/// is written only if it is not there, under the number after the one that was read: of two processes that go on from the same state, one finds that
/// it came too late. A store that does not know that condition lets both through; then the tags of the parts, and the digest at the end, decide.
/// </summary>
internal sealed partial class SharedUploads(IObjectStore store, TimeProvider time, ILogger<SharedUploads> logger) : IDisposable
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>How often a state is looked for that others replace meanwhile, or that the store lists and does not have.</summary>
    private const int MaximumTurns = 10;

    private readonly KeptHashes _hashes = new(time);

    /// <summary>Opens an upload.</summary>
    public async Task<SavedUpload> BeginAsync(RepositoryName name, string id, DigestAlgorithm? algorithm, CancellationToken cancellationToken)
    {
        // In this order: without its time of beginning, no registry would ever purge it.
        byte[] began = Encoding.ASCII.GetBytes(time.GetUtcNow().ToString(TimeFormat, CultureInfo.InvariantCulture));
        await store.WriteAsync(KeyLayout.UploadStarted(name, id), began, onlyIfAbsent: true, cancellationToken);
        var saved = new SavedUpload(0, new UploadState { Revision = Guid.NewGuid(), Algorithm = algorithm?.Name });
        await store.WriteAsync(KeyLayout.UploadState(name, id, saved.Number), Write(saved.State), onlyIfAbsent: true, cancellationToken);
        return saved;
    }

    /// <summary>How far an upload has come; null if there is none, or if a request is closing it.</summary>
    /// <exception cref="StoreException">Also if the store has no state that it lists.</exception>
    public async Task<SavedUpload?> LoadAsync(RepositoryName name, string id, CancellationToken cancellationToken)
    {
        for (int turns = 0; turns < MaximumTurns; turns++)
        {
            if (await LatestAsync(name, id, cancellationToken) is not { } number)
            {
                return null;
            }

            if (await ReadAsync(KeyLayout.UploadState(name, id, number), cancellationToken) is { } state)
            {
                return state.Closing is null ? new SavedUpload(number, state) : null;
            }

            // Another process has written the next and removed this one meanwhile, so there is progress.
        }

        string states = KeyLayout.UploadStates(name, id);
        throw new StoreException(
            StoreFailure.Unavailable, $"what the store lists last below {states} was not there {MaximumTurns} times in a row", new FileNotFoundException(states));
    }

    /// <summary>A session that goes on from a state.</summary>
    public UploadSession Resume(RepositoryName name, string id, SavedUpload saved, PartBuffers buffers)
    {
        UploadState state = saved.State;
        if (state.Offset == 0)
        {
            return new UploadSession(id, name, Algorithm(state)) { Saved = saved };
        }

        PartsSoFar? parts = state.Construction is { } construction ? new PartsSoFar(construction, state.Parts) : null;
        var tail = new UploadTail(store, KeyLayout.UploadTail(name, id, state.Revision), state.Tail);
        Guid data = state.Data ?? Guid.NewGuid();
        var writer = new ContentWriter(store, buffers, KeyLayout.UploadData(name, id, data), parts, tail);
        return UploadSession.Resume(id, name, Algorithm(state)!, saved, data, writer);
    }

    /// <summary>Gives a session that has been entered the hash of the bytes so far, if this process has it.</summary>
    public void GiveHash(UploadSession session) => session.GiveHash(_hashes.Take(session.Id, session.Saved!.State.Revision));

    /// <summary>Takes the hash of a session back that has taken nothing.</summary>
    public void TakeHashBack(UploadSession session)
    {
        if (session.Offset == session.Saved!.State.Offset && session.TakeHash() is { } hash)
        {
            _hashes.Keep(session.Id, session.Saved.State.Revision, hash);
        }
    }

    /// <summary>Makes all that a session has taken last, for the next request, wherever that arrives. The session is done with after that.</summary>
    /// <returns>False if another process has gone on with the upload from the same state; what this session took is lost then.</returns>
    public async Task<bool> SaveAsync(UploadSession session)
    {
        SavedUpload before = session.Saved!;
        ContentWriter writer = session.Writer!;
        await writer.SettleAsync();
        PartsSoFar? parts = writer.Progress;
        var state = new UploadState
        {
            Revision = Guid.NewGuid(),
            Offset = session.Offset,
            Algorithm = session.Algorithm.Name,
            Data = parts is null ? null : session.Data,
            Construction = parts?.Id,
            Parts = parts?.Parts ?? [],
            Tail = writer.Held.Length,
        };
        if (state.Tail > 0)
        {
            await store.WriteAsync(KeyLayout.UploadTail(session.Name, session.Id, state.Revision), writer.Held, onlyIfAbsent: true, CancellationToken.None);
        }

        if (!await AdvanceAsync(session, state))
        {
            await TidyAsync(session, state, null);
            return false;
        }

        writer.LeavesParts = true;
        if (session.TakeHash() is { } hash)
        {
            _hashes.Keep(session.Id, state.Revision, hash);
        }

        await TidyAsync(session, before.State, before.Number);
        return true;
    }

    /// <summary>
    /// Takes an upload for the request that closes or drops it: its parts lie under a key that all requests share, so one only may make them an object, or
    /// a digest that one has checked would name what another has sent, and none may take away what another has gone on with.
    /// </summary>
    /// <returns>False if another request has gone on with the upload or closes it.</returns>
    public async Task<bool> ClaimAsync(UploadSession session)
    {
        // Looked at first for a store that would let the claim overwrite the next state.
        session.IsClaimed = await LatestAsync(session.Name, session.Id, CancellationToken.None) == session.Saved!.Number
            && await AdvanceAsync(session, session.Saved.State with { Closing = Guid.NewGuid() });
        return session.IsClaimed;
    }

    /// <summary>Removes all that lies in the store of an upload but an object under construction.</summary>
    public Task RemoveAsync(RepositoryName name, string id)
    {
        _hashes.Drop(id);
        return store.DeleteFolderAsync(KeyLayout.Upload(name, id), CancellationToken.None);
    }

    /// <summary>Drops hashes that nobody has asked for in a while.</summary>
    public void DropIdle(TimeSpan timeout) => _hashes.DropIdle(timeout);

    public void Dispose() => _hashes.Dispose();

    private static DigestAlgorithm? Algorithm(UploadState state) => DigestAlgorithm.Find(state.Algorithm);

    private static byte[] Write(UploadState state) => JsonSerializer.SerializeToUtf8Bytes(state, UploadStateJson.Default.UploadState);

    // A client that leaves meanwhile changes nothing: a state that is written and not seen through would keep everybody from the upload.
    private async Task<bool> AdvanceAsync(UploadSession session, UploadState state)
    {
        int number = session.Saved!.Number + 1;
        string key = KeyLayout.UploadState(session.Name, session.Id, number);

        // A write whose answer was lost and that was tried again finds itself there: that is no other process.
        if (!await store.WriteAsync(key, Write(state), onlyIfAbsent: true, CancellationToken.None)
            && (await ReadAsync(key, CancellationToken.None) is not { } there || (there.Revision, there.Closing) != (state.Revision, state.Closing)))
        {
            return false;
        }

        bool isLatest = false;
        bool isOpen = false;
        try
        {
            // Others that have gone on twice meanwhile have written this number and removed it again; then what they wrote after it is there.
            isLatest = await LatestAsync(session.Name, session.Id, CancellationToken.None) == number;
            isOpen = isLatest && await store.StatAsync(KeyLayout.UploadStarted(session.Name, session.Id), CancellationToken.None) is not null;
        }
        finally
        {
            if (!isOpen)
            {
                await DeleteAsync(session, key);
            }
        }

        if (isLatest && !isOpen)
        {
            // The upload was removed meanwhile, so that what was written here begins a folder that no purge would take for an upload's.
            await RemoveAsync(session.Name, session.Id);
        }

        return isOpen;
    }

    private async Task<int?> LatestAsync(RepositoryName name, string id, CancellationToken cancellationToken)
    {
        int? latest = null;
        await foreach (string number in store.ListAsync(KeyLayout.UploadStates(name, id), cancellationToken))
        {
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int each) && !(each < latest))
            {
                latest = each;
            }
        }

        return latest;
    }

    private async Task<UploadState?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await using ObjectContent? content = await store.OpenAsync(key, 0, null, cancellationToken);
        if (content is null)
        {
            return null;
        }

        try
        {
            UploadState? state = JsonSerializer.Deserialize(await content.ReadAllAsync(key, cancellationToken), UploadStateJson.Default.UploadState);
            if (state is { IsValid: true })
            {
                return state;
            }
        }
        catch (JsonException)
        {
            // Told below, with what else no registry writes.
        }

        throw new CorruptContentException($"{key} in the store is no state of an upload");
    }

    private async Task TidyAsync(UploadSession session, UploadState former, int? number)
    {
        if (former.Tail > 0)
        {
            await DeleteAsync(session, KeyLayout.UploadTail(session.Name, session.Id, former.Revision));
        }

        if (number is { } written)
        {
            await DeleteAsync(session, KeyLayout.UploadState(session.Name, session.Id, written));
        }
    }

    // What stays behind goes with the upload's folder at its end.
    private async Task DeleteAsync(UploadSession session, string key)
    {
        try
        {
            await store.DeleteAsync(key, CancellationToken.None);
        }
        catch (StoreException e)
        {
            LogNotTidied(e, session.Id, session.Name.Value);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "a former state of upload {Id} of {Repository} could not be removed; it goes with the upload")]
    private partial void LogNotTidied(Exception exception, string id, string repository);
}
