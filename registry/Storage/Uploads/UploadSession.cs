using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>One blob on its way in, from the POST that opens it to the PUT that closes it. One request at a time may work on it.</summary>
internal sealed class UploadSession(string id, RepositoryName name, DigestAlgorithm? algorithm) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private IncrementalHash? _hash;
    private volatile bool _ended;

    /// <summary>The name of the session in the upload's URL.</summary>
    public string Id => id;

    /// <summary>The repository it belongs to.</summary>
    public RepositoryName Name => name;

    /// <summary>Bytes taken so far.</summary>
    public long Offset { get; private set; }

    /// <summary>When a request last worked on it (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long LastUsed { get; set; }

    /// <summary>Where the bytes go; null before the first.</summary>
    public ContentWriter? Writer { get; private set; }

    /// <summary>
    /// The digest whose key parts go to, if it was known when the first byte came; content of another digest must never be completed then.
    /// </summary>
    public Digest? FinalDigest { get; private set; }

    /// <summary>The algorithm that the bytes are hashed with as they come.</summary>
    public DigestAlgorithm Algorithm { get; private set; } = algorithm ?? DigestAlgorithm.Sha256;

    /// <summary>Claims the session for a request.</summary>
    /// <returns>False if another request is working on it, or if it has ended.</returns>
    public bool TryEnter() => !_ended && _gate.Wait(0) && !_ended;

    public void Leave() => _gate.Release();

    /// <summary>Takes a request's body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="expected">The digest of the whole, if the client has told it; the session's first bytes then decide where they go.</param>
    /// <param name="createWriter">Makes the writer for a digest that is known, or not.</param>
    /// <param name="cancellationToken">Ends the taking; what was taken stays.</param>
    public async Task AppendAsync(PipeReader body, Digest? expected, Func<Digest?, ContentWriter> createWriter, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            try
            {
                if (read.Buffer.Length > 0)
                {
                    await AppendAsync(read.Buffer, expected, createWriter, cancellationToken);
                }
            }
            finally
            {
                body.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>The digest of what was taken so far, by <see cref="Algorithm"/>.</summary>
    public Digest CurrentDigest()
    {
        _hash ??= Algorithm.Begin();
        return Digest.FromHash(Algorithm, _hash.GetCurrentHash());
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

    private async Task AppendAsync(ReadOnlySequence<byte> content, Digest? expected, Func<Digest?, ContentWriter> createWriter, CancellationToken cancellationToken)
    {
        if (Writer is null)
        {
            Algorithm = algorithm ?? expected?.Algorithm ?? Algorithm;
            FinalDigest = expected?.Algorithm == Algorithm ? expected : null;
            Writer = createWriter(FinalDigest);
        }

        _hash ??= Algorithm.Begin();
        while (content.Length > 0)
        {
            // What the writer took is hashed and counted before the next wait, so that a client that goes meanwhile can resume right there.
            int taken = await Writer.TakeAsync(content, cancellationToken);
            foreach (ReadOnlyMemory<byte> segment in content.Slice(0, taken))
            {
                _hash.AppendData(segment.Span);
            }

            Offset += taken;
            content = content.Slice(taken);
        }
    }
}
