namespace LocalRegistry.Registry.Cache;

/// <summary>Opens the node's cache, looks through what another process has left there, keeps the disk's floor, and verifies entries.</summary>
internal sealed partial class CacheMaintenance(DiskCache cache, CacheVerifier verifier, TimeProvider time, ILogger<CacheMaintenance> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    // Before the first request, so that this already finds what is there.
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        cache.Open();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (!cache.Open())
        {
            await timer.WaitForNextTickAsync(stoppingToken);
        }

        CacheEntries entries = cache.Entries!;
        await Task.Run(() => Load(entries), stoppingToken);
        await Task.WhenAll(WatchAsync(entries, timer, stoppingToken), verifier.RunAsync(entries, stoppingToken));
    }

    private static async Task WatchAsync(CacheEntries entries, PeriodicTimer timer, CancellationToken stoppingToken)
    {
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            entries.Space.Restore();
        }
    }

    private void Load(CacheEntries entries)
    {
        long started = time.GetTimestamp();
        try
        {
            entries.Load();
            LogLoaded(entries.Index.Count, entries.Index.Bytes, entries.Folder.Path, (long)time.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (Exception e) when (CacheFolder.IsDiskFailure(e))
        {
            LogNotLoaded(entries.Folder.Path, e);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "the node's cache has {Entries} entries of {Bytes} bytes in {Path}; they were found in {Milliseconds} ms")]
    private partial void LogLoaded(int entries, long bytes, string path, long milliseconds);

    [LoggerMessage(2, LogLevel.Error, "{Path} cannot be looked through, so that the node's cache may grow beyond its size: look at the health of the disk, or empty the folder")]
    private partial void LogNotLoaded(string path, Exception exception);
}
