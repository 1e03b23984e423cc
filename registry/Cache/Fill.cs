using System.Security.Cryptography;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Reading;

namespace LocalRegistry.Registry.Cache;

/// <summary>
/// One object on its way from the store into the cache, for however many ask for it meanwhile. It goes on when they have all gone, unless none of
/// them has read anything: such a one may not have been allowed to.
/// </summary>
/// <param name="digest">The object.</param>
/// <param name="store">Where it comes from.</param>
/// <param name="fetcher">Fetches what the first answer does not hold.</param>
/// <param name="entries">Where it goes to.</param>
/// <param name="ended">Is told how it ended, and of what failed.</param>
internal sealed class Fill(Digest digest, IObjectStore store, RangeFetcher fetcher, CacheEntries entries, Action<Fill, FillResult, Exception?> ended) : IDisposable
{
    /// <summary>Content up to this size is read whole and given from memory.</summary>
    public const int SmallSize = 256 * 1024;

    private const int BufferSize = 128 * 1024;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _left = new();
    private readonly TaskCompletionSource<FillStart> _start = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // It has one reference itself, until it has run.
    private int _references = 1;
    private bool _isWanted;
    private bool _isOver;
    private Exception? _failure;
    private GrowingFile? _file;
    private ObjectContent? _refused;

    public Digest Digest => digest;

    /// <summary>The first answer. It fails with what the store failed with.</summary>
    public Task<FillStart> Start => _start.Task;

    /// <summary>The object's bytes; null if it is not known yet, or there is none.</summary>
    public long? Size => _start.Task.IsCompletedSuccessfully ? _start.Task.Result.Size : null;

    /// <summary>Begins to use it.</summary>
    /// <returns>False if it is over; else <see cref="Leave"/> must follow.</returns>
    public bool TryJoin()
    {
        lock (_gate)
        {
            _references += _isOver ? 0 : 1;
            return !_isOver;
        }
    }

    /// <summary>Says that somebody reads.</summary>
    public void Want()
    {
        lock (_gate)
        {
            _isWanted = true;
        }
    }

    /// <summary>Ends the use of it.</summary>
    public void Leave()
    {
        bool isLast;
        bool isUnwanted;
        lock (_gate)
        {
            // Nobody is left but the fill itself. Who ends it stays until that is done, so that nothing is disposed meanwhile.
            isUnwanted = _references == 2 && !_isOver && !_isWanted;
            _isOver |= isUnwanted;
            isLast = !isUnwanted && --_references == 0;
        }

        if (isUnwanted)
        {
            _left.Cancel();
            Leave();
        }
        else if (isLast)
        {
            Dispose();
        }
    }

    /// <summary>Closes what it has open; the last <see cref="Leave"/> does it.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _refused?.Stream.Dispose();
        _left.Dispose();
    }

    /// <summary>The store's answer, for the first who asks for it, after <see cref="FillOutcome.Refused"/>; null for others.</summary>
    public ObjectContent? TakeRefused() => Interlocked.Exchange(ref _refused, null);

    /// <summary>Ends it, whoever reads.</summary>
    public void Cancel()
    {
        if (TryJoin())
        {
            _left.Cancel();
            Leave();
        }
    }

    /// <summary>Does it. Never fails: whoever waits is told.</summary>
    public async Task RunAsync()
    {
        FillResult result = FillResult.Failed;
        try
        {
            result = await FetchAsync(_left.Token);
        }
        catch (Exception e)
        {
            result = Told(e);
        }
        finally
        {
            lock (_gate)
            {
                _isOver = true;
            }

            ended(this, result, _failure);
            Leave();
        }
    }

    private async Task<FillResult> FetchAsync(CancellationToken cancellationToken)
    {
        string key = KeyLayout.BlobData(digest);
        ObjectContent? first = await store.OpenAsync(key, 0, null, cancellationToken);
        if (first is null)
        {
            _start.SetResult(new FillStart(FillOutcome.Missing));
            return FillResult.Missing;
        }

        if (first.Size <= SmallSize)
        {
            return await GiveWholeAsync(first, key, cancellationToken);
        }

        if (await entries.CreateAsync(first.Size) is not { } file)
        {
            _refused = first;
            _start.SetResult(new FillStart(FillOutcome.Refused));
            return FillResult.Refused;
        }

        _file = new GrowingFile(file, first.Size);
        try
        {
            await GrowAsync(_file, first, key, cancellationToken);
            await entries.PublishAsync(digest, _file.Handle, _file.Path, _file.Size);
            return FillResult.Done;
        }
        catch
        {
            CacheFolder.Delete(_file.Path);
            throw;
        }
        finally
        {
            entries.Release(_file.Size);
        }
    }

    private async Task<FillResult> GiveWholeAsync(ObjectContent content, string key, CancellationToken cancellationToken)
    {
        await using ObjectContent given = content;
        byte[] bytes = await content.ReadAllAsync(key, cancellationToken);
        if (Oci.Digest.Of(digest.Algorithm, bytes) != digest)
        {
            throw CorruptContentException.Of(digest);
        }

        _start.SetResult(new FillStart(FillOutcome.Given, Whole: bytes));
        return await entries.SaveAsync(digest, bytes) ? FillResult.Done : FillResult.Refused;
    }

    private async Task GrowAsync(GrowingFile file, ObjectContent first, string key, CancellationToken cancellationToken)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] work =
        [
            EndAllAsync(fetcher.FetchAsync(key, file, first, given.Token), file, given),
            EndAllAsync(Task.Run(() => ProveAsync(file, given.Token), CancellationToken.None), file, given),
        ];
        _start.SetResult(new FillStart(FillOutcome.Given, File: file));
        await Task.WhenAll(work);
        if (_failure is not null)
        {
            throw FillFailure.Again(_failure);
        }
    }

    // The first failure is what is told, not what follows from it.
    private async Task EndAllAsync(Task work, GrowingFile file, CancellationTokenSource given)
    {
        try
        {
            await work;
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _failure ??= Tellable(e);
            }

            file.Fail(_failure);
            await given.CancelAsync();
        }
    }

    // Reads what was written back from the system's memory, in order, so that bytes may come in any order and the connections do not wait for it.
    private async Task ProveAsync(GrowingFile file, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = digest.Algorithm.Begin();
        await using GrowingFileReader reader = file.Read(new ByteRange(0, file.Size - 1), proves: true);
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                hash.AppendData(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }

        if (Oci.Digest.FromHash(digest.Algorithm, hash.GetHashAndReset()) != digest)
        {
            throw CorruptContentException.Of(digest);
        }

        file.Prove();
    }

    private FillResult Told(Exception e)
    {
        Exception failure = _failure ??= Tellable(e);
        _file?.Fail(failure);

        // Where the disk fails before anything is given, the store gives it.
        if (failure is DiskFailureException)
        {
            _start.TrySetResult(new FillStart(FillOutcome.Refused));
        }
        else if (_start.TrySetException(failure))
        {
            // Nobody may wait for it.
            _ = _start.Task.Exception;
        }

        return failure is CorruptContentException ? FillResult.Corrupt : _left.IsCancellationRequested ? FillResult.Left : FillResult.Failed;
    }

    // What is no failure of the store's is one of the cache's, which the store can make up for.
    private static Exception Tellable(Exception e) => e switch
    {
        StoreException or CorruptContentException or DiskFailureException => e,
        OperationCanceledException => new StoreException(StoreFailure.Unavailable, "nobody waits for the object any more", e),
        _ => new DiskFailureException($"the node's cache failed: {e.Message}", e),
    };
}
