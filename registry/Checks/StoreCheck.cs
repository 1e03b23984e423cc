using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Registry.Hosting;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Checks;

/// <summary><c>registry check</c>: makes the calls that a configuration needs, and says of each what came back.</summary>
internal static class StoreCheck
{
    /// <summary>How long all calls together may take.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static async Task<CheckReport> RunAsync(RegistryConfiguration configuration, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        string access = configuration.Storage.ReadOnly ? "ReadOnly" : "ReadWrite";
        if (configuration.Storage.Driver is S3Driver s3)
        {
            using var check = new S3Check(s3, canWrite: !configuration.Storage.ReadOnly);
            await check.RunAsync(deadline.Token);
            return new CheckReport(access, check.Identity, check.Results);
        }

        using IObjectStore store = StoreFactory.Create(configuration.Storage.Driver);
        return new CheckReport(access, null, [await ProbeAsync(store, deadline.Token)]);
    }

    private static async Task<CheckResult> ProbeAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            await store.ProbeAsync(cancellationToken);
            return new CheckResult("Storage", CheckOutcome.Passed, null, null, "the storage answers");
        }
        catch (StoreException e)
        {
            return new CheckResult("Storage", CheckOutcome.Failed, null, null, e.Message);
        }
    }
}
