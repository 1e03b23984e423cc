using LocalRegistry.EndToEnd.Tests;
using LocalRegistry.Testbed;
using Xunit;

[assembly: AssemblyFixture(typeof(BedFixture))]

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Starts the cluster and the S3 server once for all tests.</summary>
public sealed class BedFixture : IAsyncLifetime
{
    private Bed? bed;

    public Cluster Cluster => bed!.Cluster;

    public S3Server S3 => bed!.S3;

    public async ValueTask InitializeAsync() =>
        bed = await Bed.StartAsync(BedName.Passing(), Console.Error.WriteLine, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (bed is not null)
        {
            await bed.DisposeAsync();
        }
    }
}
