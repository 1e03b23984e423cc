using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>
/// One blob on its way in, from the POST that opens it to the PUT that closes it, or for one request of these if it lies in the store between them.
/// One request at a time may work on it.
/// </summary>
internal sealed class UploadSession(string id, RepositoryName name, DigestAlgorithm? algorithm) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private IncrementalHash? _hash;
    private bool _isHashed = true;
    private volatile bool _ended;

    /// <summary>The name of the session in the upload's URL.</summary>
    public string Id => id;

    /// <summary>The repository it belongs to.</summary>
    public RepositoryName Name => name;

    /// <summary>Bytes taken so far.</summary>
    public long Offset { get; private set; }

    /// <summary>When a request last worked on it (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long LastUsed { get; set; }

    /// <summary>The state in the store that it goes on from; null if it lies in this process's memory between requests.</summary>
    public SavedUpload? Saved { get; init; }

    /// <summary>Whether the upload in the store is this session's alone: no other goes on with it or takes it away.</summary>
    public bool IsClaimed { get; set; }

    /// <summary>Names the object that the parts go to if it lies in the store between requests; no other session that begins one has it.</summary>
    public Guid Data { get; init; } = Guid.NewGuid();

    /// <summary>Where the bytes go; null before the first.</summary>
    public ContentWriter? Writer { get; private set; }

    /// <summary>
    /// The digest whose key parts go to, if it was known when the first byte came; content of another digest must never be completed then.
    /// </summary>
    public Digest? FinalDigest { get; private set; }

    /// <summary>The algorithm that the bytes are hashed with as they come.</summary>
    public DigestAlgorithm Algorithm { get; private set; } = algorithm ?? DigestAlgorithm.Sha256;

    /// <summary>A session that goes on from a state with bytes.</summary>
    /// <param name="id">The session's name.</param>
    /// <param name="name">The repository.</param>
    /// <param name="algorithm">What the bytes so far were hashed with.</param>
    /// <param name="saved">The state.</param>
    /// <param name="data">Names the object that the parts go to.</param>
    /// <param name="writer">Has what was written.</param>
    public static UploadSession Resume(string id, RepositoryName name, DigestAlgorithm algorithm, SavedUpload saved, Guid data, ContentWriter writer) =>
        new(id, name, algorithm) { Saved = saved, Data = data, Offset = saved.State.Offset, Writer = writer };

    /// <summary>Claims the session for a request.</summary>
    /// <returns>False if another request is working on it, or if it has ended.</returns>
    public bool TryEnter() => !_ended && _gate.Wait(0) && !_ended;

    public void Leave() => _gate.Release();

    /// <summary>Takes a request's body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="length">How many they are; null if the client has not told.</param>
    /// <param name="expected">The digest of the whole, if the client has told it; the session's first bytes then decide where they go.</param>
    /// <param name="maximum">The most bytes that the whole may have.</param>
    /// <param name="createWriter">Makes the writer for a digest that is known, or not.</param>
    /// <param name="park">
    /// Makes room for others that wait for a buffer, while the client sends nothing; tells whether there is memory enough to hold what was taken.
    /// </param>
    /// <param name="cancellationToken">Ends the taking; what was taken stays.</param>
    public async Task<AppendOutcome> AppendAsync(
        PipeReader body,
        long? length,
        Digest? expected,
        long maximum,
        Func<Digest?, ContentWriter> createWriter,
        Func<Task<bool>> park,
        CancellationToken cancellationToken)
    {
        long begin = Offset;
        while (true)
        {
            Task<ReadResult> reading = body.ReadAsync(cancellationToken).AsTask();
            bool hasRoom;
            try
            {
                hasRoom = !await IsWantedAsync(reading) || await park();
            }
            catch
            {
                await AbandonAsync(body, reading);
                throw;
            }

            if (!hasRoom)
            {
                await AbandonAsync(body, reading);
                return AppendOutcome.NoRoom;
            }

            ReadResult read = await reading;
            try
            {
                if (read.Buffer.Length > maximum - Offset)
                {
                    return AppendOutcome.TooLarge;
                }

                if (read.Buffer.Length > 0 && !await AppendAsync(read.Buffer, begin + length - Offset, expected, createWriter, cancellationToken))
                {
                    return AppendOutcome.TooLarge;
                }
            }
            finally
            {
                body.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                return AppendOutcome.Taken;
            }
        }
    }

    /// <summary>The digest of what was taken so far; null if its bytes were not hashed with this algorithm as they came.</summary>
    public Digest? CurrentDigest(DigestAlgorithm by)
    {
        if (by != Algorithm || !_isHashed)
        {
            return null;
        }

        _hash ??= Algorithm.Begin();
        return Digest.FromHash(Algorithm, _hash.GetCurrentHash());
    }

    /// <summary>Gives it the hash of all bytes taken so far; null if this process has not seen them all.</summary>
    public void GiveHash(IncrementalHash? hash)
    {
        _hash = hash;
        _isHashed = hash is not null || Offset == 0;
    }

    /// <summary>Hands over the hash of all bytes taken so far, for the session that goes on after this one; null if there is none.</summary>
    public IncrementalHash? TakeHash()
    {
        IncrementalHash? hash = _hash;
        _hash = null;
        return hash;
    }

    public async ValueTask DisposeAsync()
    {
        // The gate stays: the request that ends a session has yet to leave it.
        _ended = true;
        _hash?.Dispose();
        if (Writer is not null)
        {
            await Writer.DisposeAsync();
        }
    }

    // A read that is left under way would keep the server from passing over the rest of the body, and so the client from its answer.
    private static async Task AbandonAsync(PipeReader body, Task<ReadResult> reading)
    {
        body.CancelPendingRead();
        body.AdvanceTo((await reading).Buffer.End);
    }

    // A buffer that lies half full before a client that sends nothing is one that others wait for in vain.
    private async Task<bool> IsWantedAsync(Task<ReadResult> reading)
    {
        if (reading.IsCompleted || Writer is not { HoldsBuffer: true } writer)
        {
            return false;
        }

        return await writer.IsWantedAsync(reading);
    }

    // False if it does not fit into as many parts as there may be.
    private async Task<bool> AppendAsync(
        ReadOnlySequence<byte> content, long? left, Digest? expected, Func<Digest?, ContentWriter> createWriter, CancellationToken cancellationToken)
    {
        if (Writer is null)
        {
            Algorithm = algorithm ?? expected?.Algorithm ?? Algorithm;
            FinalDigest = expected?.Algorithm == Algorithm ? expected : null;
            Writer = createWriter(FinalDigest);
        }

        if (_isHashed)
        {
            _hash ??= Algorithm.Begin();
        }

        while (content.Length > 0)
        {
            // What the writer took is hashed and counted before the next wait, so that a client that goes meanwhile can resume right there.
            int taken = await Writer.TakeAsync(content, left, cancellationToken);
            if (taken == 0)
            {
                return false;
            }

            _hash?.AppendData(Writer.Held.Span[^taken..]);
            Offset += taken;
            left -= taken;
            content = content.Slice(taken);
        }

        return true;
    }
}
