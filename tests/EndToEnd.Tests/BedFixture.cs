using LocalRegistry.EndToEnd.Tests;
using LocalRegistry.Testbed;
using LocalRegistry.Testbed.Cases;
using Xunit;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(BedFixture))]
// They wait for a cluster more than they work.
[assembly: Parallelization(MaxThreads = 6)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>One cluster with the operator installed and one S3 server for all tests, which run side by side on them.</summary>
public sealed class BedFixture : IAsyncLifetime
{
    private Bed? _bed;
    private int _resources;

    public Cluster Cluster => _bed!.Cluster;

    public S3Server S3 => _bed!.S3;

    public async ValueTask InitializeAsync()
    {
        _bed = await Bed.StartAsync(BedName.Passing(), Console.Error.WriteLine, TestContext.Current.CancellationToken);
        await InstallAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Installs the product, for all tests or again after one that took it away.</summary>
    public Task InstallAsync(CancellationToken ct) => Product.InstallAsync(_bed!, Console.Error.WriteLine, ct);

    public async ValueTask DisposeAsync()
    {
        if (_bed is not null)
        {
            await _bed.DisposeAsync();
        }

        await CasePage.CompleteAsync();
    }

    /// <summary>
    /// The sample resource with a name, a bucket and ports that no other test uses. The bucket does not exist yet; its name is the resource's.
    /// </summary>
    public async Task<RegistryResource> NextResourceAsync()
    {
        var number = Interlocked.Increment(ref _resources);
        var name = $"registry-{number}";
        var resource = await RegistryResource.FromSampleAsync(_bed!, name, TestContext.Current.CancellationToken);
        resource.MoveTo(name, 5000 + (10 * number));
        return resource;
    }
}
