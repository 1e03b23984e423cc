using System.Globalization;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Uploads;

namespace LocalRegistry.Registry.Hosting;

/// <summary>
/// Purges abandoned uploads at intervals (<c>storage.maintenance.uploadpurging</c>). Time is cut into intervals that are the same for all registries of
/// a store, and one of them looks through it in each: the one that first writes a mark with the interval's beginning.
/// </summary>
internal sealed partial class UploadPurging(
    IObjectStore store, UploadPurge purge, UploadPurgingConfiguration configuration, TimeProvider time, ILogger<UploadPurging> logger) : BackgroundService
{
    private const string MarkFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Registries that are started at the same moment do not ask at the same moment.</summary>
    private static readonly TimeSpan LongestJitter = TimeSpan.FromHours(1);

    /// <summary>Purges, if no registry of the same store has done so in this interval.</summary>
    /// <returns>Whether it was this one's turn.</returns>
    public async Task<bool> TurnAsync(CancellationToken cancellationToken)
    {
        string series = string.Create(CultureInfo.InvariantCulture, $"{configuration.Interval.TotalSeconds:0}-");
        string mark = series + Beginning().ToString(MarkFormat, CultureInfo.InvariantCulture);
        try
        {
            if (!await store.WriteAsync(KeyLayout.PurgeMarks + mark, ReadOnlyMemory<byte>.Empty, onlyIfAbsent: true, cancellationToken))
            {
                return false;
            }

            await foreach (string former in store.ListAsync(KeyLayout.PurgeMarks, cancellationToken))
            {
                if (former.StartsWith(series, StringComparison.Ordinal) && string.CompareOrdinal(former, mark) < 0)
                {
                    await store.DeleteAsync(KeyLayout.PurgeMarks + former, cancellationToken);
                }
            }
        }
        catch (StoreException e)
        {
            LogFailure(e);
            return false;
        }

        await purge.RunAsync(cancellationToken);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Jitter(), time, stoppingToken);
        while (true)
        {
            await TurnAsync(stoppingToken);
            await Task.Delay(Beginning() + configuration.Interval - time.GetUtcNow() + Jitter(), time, stoppingToken);
        }
    }

    /// <summary>When the interval that it is now began.</summary>
    private DateTimeOffset Beginning()
    {
        long now = time.GetUtcNow().UtcTicks;
        return new DateTimeOffset(now - (now % configuration.Interval.Ticks), TimeSpan.Zero);
    }

    private TimeSpan Jitter()
    {
        TimeSpan longest = configuration.Interval / 2;
        return Random.Shared.NextDouble() * (longest < LongestJitter ? longest : LongestJitter);
    }

    [LoggerMessage(1, LogLevel.Warning, "abandoned uploads are not purged in this interval: the store did not tell whose turn it is")]
    private partial void LogFailure(Exception exception);
}
