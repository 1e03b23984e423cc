using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Hosting.Health;

/// <summary>Asks the object store for a sign of life (<c>health.storagedriver</c>).</summary>
internal sealed class StoreProbe(IObjectStore store, string driver, HealthConfiguration health)
    : HealthProbe($"storagedriver_{driver}", health.Interval, health.Threshold)
{
    public override async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.ProbeAsync(cancellationToken);
            return null;
        }
        catch (StoreException e)
        {
            return e.Message;
        }
    }
}
