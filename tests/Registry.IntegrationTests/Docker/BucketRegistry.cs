using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Docker;

/// <summary>One of the two registries, ours or Docker's, on a bucket.</summary>
internal sealed class BucketRegistry : IAsyncDisposable
{
    /// <summary>The folder in the bucket.</summary>
    public const string Root = "/myroot";

    private readonly IAsyncDisposable _process;

    private BucketRegistry(IAsyncDisposable process, string address)
    {
        _process = process;
        Api = new RegistryApi(address);
    }

    /// <summary>Its API.</summary>
    public RegistryApi Api { get; }

    /// <summary>Starts a registry that has no memory of what was in the bucket before.</summary>
    public static async Task<BucketRegistry> StartAsync(S3Fixture s3, string bucket, bool isDockers)
    {
        if (isDockers)
        {
            DockerRegistry dockers = await DockerRegistry.StartAsync(s3.Server, bucket, Root, TestContext.Current.CancellationToken);
            return new BucketRegistry(dockers, dockers.Address);
        }

        RegistryProcess ours = await RegistryProcess.StartAsync(
            RegistryFiles.For(s3, bucket), new KeyValuePair<string, string>("REGISTRY_STORAGE_DELETE_ENABLED", "true"));
        return new BucketRegistry(ours, ours.Address);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _process.DisposeAsync();
    }
}
