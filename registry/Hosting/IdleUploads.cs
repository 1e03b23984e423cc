using LocalRegistry.Registry.Storage.Reading;
using LocalRegistry.Registry.Storage.Uploads;

namespace LocalRegistry.Registry.Hosting;

/// <summary>Drops uploads that their clients have left, and gives the memory of a push back to the node when it is over.</summary>
internal sealed class IdleUploads(UploadStore uploads, PartBuffers buffers, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await uploads.DropIdleAsync();
            if (buffers.Trim() | WindowBuffers.Shared.Trim())
            {
                // A process with nothing to do allocates nothing, so no collection would come by itself.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }
}
