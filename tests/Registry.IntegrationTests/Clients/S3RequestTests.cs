using LocalRegistry.Registry.IntegrationTests.Faults;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>How many requests to S3 an image costs, pushed and pulled by skopeo, beside Docker's registry on the same S3.</summary>
public sealed class S3RequestTests(S3Fixture s3) : IDisposable
{
    // Docker's registry looks for nothing by itself while the test lasts.
    private static readonly KeyValuePair<string, string>[] Quiet =
        [new("REGISTRY_HEALTH_STORAGEDRIVER_ENABLED", "false"), new("REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_ENABLED", "false")];

    private const string Memory = "  cache:\n    blobdescriptor: inmemory\n";

    private readonly TestImages _images = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _images.Dispose();

    /// <param name="remembers">Whether both remember what they were told of blobs (<c>storage.cache.blobdescriptor</c>).</param>
    /// <param name="push">The most requests that a push may cost, in parts of those of Docker's registry.</param>
    /// <param name="pull">The same for the first pull: a request for each link is what keeps blobs to their repositories.</param>
    /// <param name="again">The same for the second, which needs no more than the blobs' bytes and what the tag names.</param>
    [Theory]
    [InlineData(false, 0.5, 0.5, 0.5)]
    [InlineData(true, 0.5, 0.7, 0.75)]
    public async Task Image_costs_fewer_requests_than_it_costs_dockers_registry(bool remembers, double push, double pull, double again)
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        await using FaultProxy toOurs = await FaultProxy.StartAsync(s3.Server.Endpoint, Token);
        await using FaultProxy toDockers = await FaultProxy.StartAsync(s3.Server.Endpoint, Token);
        TestImage image = await _images.CreateAsync();

        List<int> ours = [];
        List<int> dockers = [];
        await using (RegistryProcess registry = await StartOursAsync(bucket, toOurs, remembers))
        {
            ours.Add(await CountAsync(toOurs, image.Reference, registry.Image("ours/app:v1")));
        }

        await using (RegistryProcess registry = await StartOursAsync(bucket, toOurs, remembers))
        {
            ours.Add(await CountAsync(toOurs, registry.Image("ours/app:v1"), $"oci:{_images.NewFolder()}:latest"));
            ours.Add(await CountAsync(toOurs, registry.Image("ours/app:v1"), $"oci:{_images.NewFolder()}:latest"));
        }

        await using (DockerRegistry registry = await StartDockersAsync(bucket, toDockers, remembers))
        {
            dockers.Add(await CountAsync(toDockers, image.Reference, $"docker://{registry.Address}/dockers/app:v1"));
        }

        await using (DockerRegistry registry = await StartDockersAsync(bucket, toDockers, remembers))
        {
            dockers.Add(await CountAsync(toDockers, $"docker://{registry.Address}/dockers/app:v1", $"oci:{_images.NewFolder()}:latest"));
            dockers.Add(await CountAsync(toDockers, $"docker://{registry.Address}/dockers/app:v1", $"oci:{_images.NewFolder()}:latest"));
        }

        string told = $"pushed, pulled and pulled again: {string.Join(", ", ours)} requests, Docker's registry {string.Join(", ", dockers)}";
        TestContext.Current.SendDiagnosticMessage(told);
        foreach ((int index, double most) in ((double[])[push, pull, again]).Index())
        {
            Assert.True(ours[index] > 0 && ours[index] <= most * dockers[index], told);
        }
    }

    private static async Task<int> CountAsync(FaultProxy proxy, string source, string target)
    {
        int before = proxy.Calls.Count;
        await Skopeo.CopyAsync(source, target, null, Token);
        return proxy.Calls.Count - before;
    }

    private Task<RegistryProcess> StartOursAsync(string bucket, FaultProxy proxy, bool remembers)
    {
        string config = RegistryFiles.DockerConfig(s3, bucket);
        string without = config.Replace(Memory, "", StringComparison.Ordinal);
        Assert.NotEqual(config, without);
        return RegistryProcess.StartAsync(new RegistryFiles(remembers ? config : without, S3Server.CredentialsFile), [.. Quiet, EndpointOf(proxy)]);
    }

    private Task<DockerRegistry> StartDockersAsync(string bucket, FaultProxy proxy, bool remembers)
    {
        KeyValuePair<string, string>[] memory = remembers ? [new("REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR", "inmemory")] : [];
        return DockerRegistry.StartAsync(
            s3.Server, bucket, "/myroot", Token, [.. memory.Append(EndpointOf(proxy)).Select(v => new KeyValuePair<string, string?>(v.Key, v.Value))]);
    }

    private static KeyValuePair<string, string> EndpointOf(FaultProxy proxy) => new("REGISTRY_STORAGE_S3_REGIONENDPOINT", proxy.Url.ToString());
}
