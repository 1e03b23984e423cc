using LocalRegistry.Registry.Storage.Uploads;

namespace LocalRegistry.Registry.Hosting;

/// <summary>Drops uploads that their clients have left.</summary>
internal sealed class IdleUploads(UploadStore uploads, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await uploads.DropIdleAsync();
        }
    }
}
