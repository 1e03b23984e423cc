using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Reading;
using LocalRegistry.Registry.Telemetry;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Cache;

/// <summary>
/// Content on the node's disk: what was asked for once is read from the store once, for however many clients, and given from the disk from then on.
/// It gives content to whoever asks; who may read it, the links of repositories say. Whatever goes wrong here, the store is asked.
/// </summary>
internal sealed partial class DiskCache(
    IObjectStore store, RangeFetcher fetcher, NodeCacheSettings settings, TimeProvider time, ILogger<DiskCache> logger, CacheMetrics? metrics = null) : IDisposable
{
    /// <summary>So many objects of any size are on their way at once.</summary>
    private const int MaximumFills = 256;

    /// <summary>An entry that is there one moment and evicted the next is not looked for more often.</summary>
    private const int MaximumAttempts = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<EntryKey, Fill> _fills = [];
    private volatile CacheEntries? _entries;
    private string? _problem;

    /// <summary>What lies in it; null while it is not open.</summary>
    public CacheEntries? Entries => _entries;

    /// <summary>Counts what it does; null for nobody.</summary>
    public CacheMetrics? Metrics => metrics;

    /// <summary>How many objects are on their way into it.</summary>
    public int UnderWay
    {
        get
        {
            lock (_gate)
            {
                return _fills.Count;
            }
        }
    }

    /// <summary>Opens the folder. It can be tried again: another process may still have held it.</summary>
    /// <returns>Whether it is open.</returns>
    public bool Open()
    {
        if (_entries is not null)
        {
            return true;
        }

        if (CacheFolder.Open(settings.Directory, out string? problem) is { } folder)
        {
            var entries = new CacheEntries(folder, settings, time, metrics);
            metrics?.Watch(() => (entries.Index.Count, entries.Index.Bytes));
            _entries = entries;
            return true;
        }

        if (problem != _problem)
        {
            _problem = problem;
            LogClosed(problem!);
        }

        return false;
    }

    /// <summary>The size of content in bytes; null if it is not known here.</summary>
    public long? SizeOf(Digest digest)
    {
        if (_entries is not { } entries)
        {
            return null;
        }

        Fill? fill;
        lock (_gate)
        {
            fill = _fills.GetValueOrDefault(EntryKey.Of(digest));
        }

        return fill?.Size ?? entries.SizeOf(digest);
    }

    /// <summary>Opens content, or a range of it.</summary>
    /// <param name="digest">The content.</param>
    /// <param name="range">What of it; null for all.</param>
    /// <param name="direct">Opens it in the store, if the disk fails.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    /// <exception cref="Storage.CorruptContentException">What lies in the store is something else.</exception>
    public async Task<CacheAnswer> OpenAsync(Digest digest, ByteRange? range, DirectOpening direct, CancellationToken cancellationToken)
    {
        for (int attempt = 0; _entries is { } entries && attempt < MaximumAttempts; attempt++)
        {
            if (entries.Open(digest, out long size) is { } file)
            {
                return Found(entries, digest, range, file, size, direct);
            }

            if (Join(entries, digest, out bool isFirst) is { } fill)
            {
                return await FollowAsync(fill, isFirst, digest, range, direct, cancellationToken);
            }

            if (!entries.Index.Contains(EntryKey.Of(digest)))
            {
                break;
            }
        }

        metrics?.Asked(CacheMetrics.Bypass);
        return default;
    }

    public void Dispose()
    {
        Fill[] fills;
        lock (_gate)
        {
            fills = [.. _fills.Values];
        }

        foreach (Fill fill in fills)
        {
            fill.Cancel();
        }

        _entries?.Dispose();
    }

    private static ByteRange Within(ByteRange? range, long size) =>
        new(Math.Min(range?.First ?? 0, size), Math.Min(range?.Last ?? long.MaxValue, size - 1));

    private static async Task<Stream> ReopenAsync(Digest digest, ByteRange? range, DirectOpening direct, CancellationToken cancellationToken)
    {
        ObjectContent content = await direct(digest, range, cancellationToken)
            ?? throw new StoreException(StoreFailure.Missing, $"{digest} is not in the store any more", new FileNotFoundException(digest.ToString()));
        return range is null || range.Value.Length == content.Size ? new VerifyingStream(content, digest) : content.Stream;
    }

    private CacheAnswer Found(CacheEntries entries, Digest digest, ByteRange? range, SafeFileHandle file, long size, DirectOpening direct)
    {
        ByteRange part = Within(range, size);
        metrics?.Asked(CacheMetrics.Hit);
        metrics?.Served(isFromStore: false, part.Length);
        var stream = new CachedFileStream(file, entries.Folder.PathOf(digest), part.First, part.Length);
        return new CacheAnswer(true, new ObjectContent(size, new FailoverStream(stream, token => ReopenAsync(digest, range, direct, token), Failed))
        {
            File = file,
            FileOffset = part.First,
            FileFailed = Failed,
            IsVerified = true,
        });

        void Failed(Exception failure)
        {
            LogUnreadable(failure);
            entries.Drop(digest);
        }
    }

    // Null if it has just become an entry, or there is no room for another.
    private Fill? Join(CacheEntries entries, Digest digest, out bool isFirst)
    {
        EntryKey key = EntryKey.Of(digest);
        lock (_gate)
        {
            isFirst = false;
            if (_fills.TryGetValue(key, out Fill? fill) && fill.TryJoin())
            {
                return fill;
            }

            if (entries.Index.Contains(key) || _fills.Count >= MaximumFills || entries.IsBusy)
            {
                return null;
            }

            fill = new Fill(digest, store, fetcher, entries, Ended);
            fill.TryJoin();
            _fills[key] = fill;
            isFirst = true;
            return fill;
        }
    }

    private async Task<CacheAnswer> FollowAsync(
        Fill fill, bool isFirst, Digest digest, ByteRange? range, DirectOpening direct, CancellationToken cancellationToken)
    {
        bool isKept = false;
        try
        {
            if (isFirst)
            {
                // Not the request's: it goes on without it.
                _ = Task.Run(fill.RunAsync, CancellationToken.None);
            }

            FillStart start = await fill.Start.WaitAsync(cancellationToken);
            if (start.Outcome == FillOutcome.Refused)
            {
                metrics?.Asked(CacheMetrics.Bypass);
                return new CacheAnswer(false, range is null ? fill.TakeRefused() : null);
            }

            metrics?.Asked(isFirst ? CacheMetrics.Miss : CacheMetrics.Joined);
            if (start.Outcome == FillOutcome.Missing)
            {
                return new CacheAnswer(true, null);
            }

            long size = start.Size!.Value;
            ByteRange part = Within(range, size);
            metrics?.Served(isFirst, part.Length);
            if (start.Whole is { } bytes)
            {
                // It is to be kept, and those who come before it is are to find it here.
                fill.Want();
                return new CacheAnswer(true, new ObjectContent(size, new MemoryStream(bytes, (int)part.First, (int)part.Length, writable: false)) { IsVerified = true });
            }

            isKept = true;
            GrowingFile file = start.File!;
            bool isProven = file.IsProven;
            return new CacheAnswer(true, new ObjectContent(size, new FailoverStream(
                new FillStream(fill, file.Read(part)), token => ReopenAsync(digest, range, direct, token), LogUnreadable))
            {
                File = isProven ? file.Handle : null,
                FileOffset = part.First,
                IsVerified = true,
            });
        }
        finally
        {
            if (!isKept)
            {
                fill.Leave();
            }
        }
    }

    private void Ended(Fill fill, FillResult result, Exception? failure)
    {
        EntryKey key = EntryKey.Of(fill.Digest);
        lock (_gate)
        {
            if (_fills.GetValueOrDefault(key) == fill)
            {
                _fills.Remove(key);
            }
        }

        metrics?.Filled(result);
        if (failure is DiskFailureException or Storage.CorruptContentException)
        {
            LogNotFilled(fill.Digest, failure);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "the node's cache is not used, and everything comes from the store: {Problem}")]
    private partial void LogClosed(string problem);

    [LoggerMessage(2, LogLevel.Error, "the node's disk failed while content was read from its cache; it comes from the store: look at the disk's health")]
    private partial void LogUnreadable(Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "{Digest} was not taken into the node's cache")]
    private partial void LogNotFilled(Digest digest, Exception exception);
}
