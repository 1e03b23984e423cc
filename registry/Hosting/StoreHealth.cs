using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Hosting;

/// <summary>Asks the object store for a sign of life at intervals (<c>health.storagedriver</c>).</summary>
internal sealed partial class StoreHealth(IObjectStore store, RegistryConfiguration configuration, TimeProvider time, ILogger<StoreHealth> logger)
    : BackgroundService
{
    private int _failures;
    private volatile string? _problem;

    /// <summary>What is wrong with the store, once it has failed as often in a row as the threshold says; null while all is well.</summary>
    public string? Problem => _problem;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!configuration.Health.StorageDriver)
        {
            return;
        }

        using var timer = new PeriodicTimer(configuration.Health.Interval, time);
        do
        {
            await ProbeAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ProbeAsync(CancellationToken stoppingToken)
    {
        try
        {
            await store.ProbeAsync(stoppingToken);
            if (_problem is not null)
            {
                LogRecovered();
            }

            (_failures, _problem) = (0, null);
        }
        catch (StoreException e)
        {
            if (++_failures >= configuration.Health.Threshold)
            {
                _problem = e.Message;
            }

            LogFailure(e, _failures);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "the object store failed its health check, {Failures} times in a row")]
    private partial void LogFailure(Exception exception, int failures);

    [LoggerMessage(2, LogLevel.Information, "the object store is well again")]
    private partial void LogRecovered();
}
